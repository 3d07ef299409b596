import argparse
from pathlib import Path

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")


def run(options: argparse.Namespace) -> int:
    from palauteketju.project import backups

    size = backups.backup(options.file.absolute())
    print(f"{options.file}: {size:,} bytes.")
    return 0
