"""What `cachewright explain` tells of rules and of properties."""
