import argparse
import json
from pathlib import Path

from palauteketju.project.commands import moment
from palauteketju.project.commands.import_events import read, tell

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--events", type=Path, required=True, metavar="FILE.csv", dest="file")
    parser.add_argument("--at", type=moment, required=True, metavar="TIME", help="ISO 8601 with offset")


def run(options: argparse.Namespace) -> int:
    """One line of JSON an event, in the file's order; bad rows on stderr. Nothing is sent or remembered."""
    from palauteketju.sms import handover

    events, problems = read(options.file)
    tell(problems)
    for line in handover.decided(events, at=options.at):
        print(json.dumps(line, ensure_ascii=False))
    return 0
