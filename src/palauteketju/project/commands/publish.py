import argparse
from pathlib import Path

from palauteketju.project.commands import Refused

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="DIR",
        help="an empty or new folder, or one published before",
    )


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from palauteketju.publishing import actions
    from palauteketju.publishing.errors import FolderRefused

    try:
        pages = actions.publish(options.output, at=timezone.now())
    except FolderRefused as error:
        raise Refused(str(error)) from error
    if not pages:
        raise Refused(
            "There is no organisation yet, so there is nothing to publish: import-organisation comes first."
        )
    print(f"{pages} pages in {options.output}.")
    return 0
