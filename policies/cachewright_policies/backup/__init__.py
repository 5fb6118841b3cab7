"""Rules on backups."""
