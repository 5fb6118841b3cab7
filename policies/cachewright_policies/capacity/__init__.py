"""Rules on memory, nodes and parameters."""
