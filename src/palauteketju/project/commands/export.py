import argparse
import sys
from pathlib import Path

from palauteketju.project.commands.whole_file import whole_file

NEEDS = "database"
FORMATS = ("csv", "parquet", "jsonl")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--audience", required=True, choices=["internal", "public"])
    parser.add_argument("--format", required=True, choices=FORMATS)
    parser.add_argument("--output", required=True, type=Path, metavar="FILE", help="- is the standard output")


def run(options: argparse.Namespace) -> int:
    """All of it or nothing: a reader never sees half an export, not even of a large one."""
    from palauteketju.insight import exports

    if str(options.output) == "-":
        exports.write(sys.stdout.buffer, options.audience, options.format)
        return 0
    # Internal figures are not for everybody on this machine.
    with whole_file(options.output, is_private=options.audience == "internal") as file:
        exports.write(file, options.audience, options.format)
    return 0
