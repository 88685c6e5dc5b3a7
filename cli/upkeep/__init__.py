"""What runs by the clock: alarms, metrics, schedules, time stamps."""
