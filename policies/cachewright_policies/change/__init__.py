"""Rules on what a change does to caches that hold data."""
