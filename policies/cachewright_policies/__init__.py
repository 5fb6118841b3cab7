"""The rules for caches and what surrounds them: the same in `cachewright check` and as a Pulumi policy pack."""
