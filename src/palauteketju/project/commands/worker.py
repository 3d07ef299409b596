import argparse

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=4, help="jobs at a time (4)")


def run(options: argparse.Namespace) -> int:
    from palauteketju.operations import worker

    worker.run(concurrency=options.concurrency)
    return 0
