"""What each component accepts: types, rules over several arguments, defaults. Nothing here registers a resource."""
