import argparse
from datetime import datetime

from palauteketju.project.commands import moment

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", type=moment, help="as if it were this time, ISO 8601 with offset (now)")


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from palauteketju.operations import clock, worker
    from palauteketju.project.commands import Refused

    at: datetime = options.at or timezone.now()
    worker.run_waiting_jobs()
    try:
        done = clock.tick(at=at)
    except clock.TickFailed as error:
        raise Refused(str(error)) from error
    worker.run_waiting_jobs()
    print(", ".join(f"{name}: {count}" for name, count in done.items()))
    return 0
