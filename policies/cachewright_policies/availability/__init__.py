"""Rules on surviving the loss of a node or a zone."""
