"""Rules on what caches cost, and who pays for it."""
