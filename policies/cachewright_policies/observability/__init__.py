"""Rules on alarms, logs and notifications."""
