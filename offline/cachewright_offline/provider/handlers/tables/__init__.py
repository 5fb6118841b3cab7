"""Which class handles which resource type: one module per area, each with a table `HANDLERS`."""
