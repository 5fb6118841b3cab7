"""One module for each subcommand; what is costly to import is imported when the command runs."""
