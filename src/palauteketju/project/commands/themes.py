import argparse
import json
from pathlib import Path

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--try",
        dest="file",
        type=Path,
        required=True,
        metavar="FILE",
        help="a file as [themes] own_words would name it",
    )
    parser.add_argument("--last", type=int, default=1000, metavar="N", help="how many feedbacks with a text")


def run(options: argparse.Namespace) -> int:
    """Counts only: no text is printed, and of a theme with few changes not even how many."""
    from palauteketju.handling.triage.theme_trial import try_words

    print(json.dumps(try_words(options.file, last=options.last), ensure_ascii=False, indent=2))
    return 0
