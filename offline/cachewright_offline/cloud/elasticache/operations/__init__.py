"""One module per noun. Every module in this folder is loaded before the first request and registers its operations."""
