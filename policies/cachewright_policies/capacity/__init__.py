"""Rules on nodes, memory, parameters and limits."""
