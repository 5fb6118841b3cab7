"""What a person, or a machine, sees of an update."""
