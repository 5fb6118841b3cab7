"""Rules on the life of a cache: engines, windows and parameter groups."""
