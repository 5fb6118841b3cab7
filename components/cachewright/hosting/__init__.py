"""The components as a Pulumi plugin: what other Pulumi languages construct them through."""
