import argparse
from pathlib import Path

from palauteketju.project.commands import Refused

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from palauteketju.organisation.actions import import_organisation

    try:
        content = options.file.read_bytes()
    except OSError as error:
        raise Refused(f"{options.file} cannot be read: {error.strerror}.") from error
    done = import_organisation(content, by=None, at=timezone.now(), dry_run=options.dry_run)
    would = "would be " if options.dry_run else ""
    print(f"{done.added} {would}added, {done.changed} {would}changed, {done.unchanged} unchanged.")
    return 0
