"""Which module answers which function: one module per area, each with a table `FUNCTIONS`."""
