"""The rules as Pulumi policies: what stands between Pulumi's analyzer and the rules."""
