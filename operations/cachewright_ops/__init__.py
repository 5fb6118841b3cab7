"""The `cachewright` command."""
