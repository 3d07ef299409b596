"""What insight refuses."""


class BadWeek(Exception):
    """It is not an ISO week such as 2026-W45."""
