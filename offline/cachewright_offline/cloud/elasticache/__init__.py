"""Amazon ElastiCache.

`state.py` holds what exists in one account and region; `operations/` holds one module per noun with the functions that
answer API operations, each registered by `@operation("CreateReplicationGroup")`: it takes a `Context` and the parsed
parameters and returns the result in the shape of botocore's output, or raises `fault(...)`. `protocol.py` reads and
writes AWS's query protocol from botocore's model, so no operation sees XML.
"""
