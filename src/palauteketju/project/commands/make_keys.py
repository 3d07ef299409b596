import argparse
from pathlib import Path

from palauteketju.privacy.encryption import KeyRing
from palauteketju.project import keys
from palauteketju.project.commands import Refused

NEEDS = "nothing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")


def run(options: argparse.Namespace) -> int:
    if options.file.exists():
        raise Refused(f"{options.file} exists already; a key file is never written over.")
    keys.write(options.file, KeyRing.generate())
    print(f"{options.file}: keep a copy of it in a safe place apart from the backups of the database.")
    return 0
