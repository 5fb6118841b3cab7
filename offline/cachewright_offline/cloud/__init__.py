"""The local AWS: a process on 127.0.0.1 that answers as AWS does, for every SDK and tool."""
