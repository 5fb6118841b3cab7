"""The local provider as a plugin: the door through which Pulumi's own engine reaches it."""
