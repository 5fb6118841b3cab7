"""Rules on what caches cost, and whom."""
