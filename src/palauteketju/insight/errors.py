"""What insight refuses."""


class BadPeriod(Exception):
    """It is not a period such as 2026-W45, 2026-10, 2026-3 or 2026."""
