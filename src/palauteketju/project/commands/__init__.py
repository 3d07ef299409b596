"""One module a command: `NEEDS`, `add_arguments(parser)` and `run(options)`, which returns the exit status.

`NEEDS` is "nothing", "settings" (Django, but no database) or "database". What a command refuses it raises as
`Refused` or as the step's own error listed in `project.cli`: one clear message, exit status 1, no traceback.
"""

import argparse
from datetime import datetime


class Refused(Exception):
    """The command will not do it; the message tells why, in words for the person at the terminal."""


def moment(text: str) -> datetime:
    """A time on the command line: ISO 8601 with its offset, so that nobody has to guess the zone."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        value = datetime.min  # noqa: DTZ901 - it has no offset either, so the next line refuses it
    if value.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time with an offset, such as 2026-11-22T09:00+02:00"
        )
    return value
