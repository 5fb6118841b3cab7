"""What surrounds a cache: its network, its keys, and whom it tells what happens."""
