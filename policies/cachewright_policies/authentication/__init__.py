"""Rules on who may use a cache, and for what."""
