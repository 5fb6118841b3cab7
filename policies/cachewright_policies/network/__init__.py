"""Rules on where a cache can be reached from."""
