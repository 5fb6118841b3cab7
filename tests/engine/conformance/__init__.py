"""What drives Pulumi's own engine, and what compares the embedded one with it."""
