from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from palauteketju.project.commands import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from palauteketju.sms.service_events import Objection, Problem, ServiceEvent

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.csv")


def run(options: argparse.Namespace) -> int:
    """Take the good rows and tell each bad one on stderr with its line and reason.

    0 when something was taken or there was nothing to take: one bad row must not look like a lost file. 1 when the
    file is refused whole (unreadable, wrong columns) or every row of it is bad.
    """
    from django.utils import timezone

    from palauteketju.sms import actions, handover

    events, problems = read(options.file, objection=handover.unknown_unit())
    accepted, _rejected = actions.accept_events(events, at=timezone.now())
    tell(problems)
    if problems and not accepted:
        raise Refused("No row was taken.")
    print(f"{accepted} accepted, {len(problems)} rejected.")
    return 0


def read(file: Path, *, objection: Objection | None = None) -> tuple[list[ServiceEvent], list[Problem]]:
    """The good rows and the bad ones. Raises Refused for a file that is none of ours."""
    from palauteketju.sms.service_events import FileRefused, read_csv

    try:
        with file.open("rb") as stream:
            return read_csv(stream, objection=objection)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from error
    except FileRefused as refused:
        raise Refused(str(refused)) from refused


def tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        print(f"line {problem.line}:", *(error.message() for error in problem.errors), file=sys.stderr)
