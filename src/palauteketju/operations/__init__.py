"""What runs by the clock or as a job: where steps meet in time."""
