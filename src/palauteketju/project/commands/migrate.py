import argparse

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(_options: argparse.Namespace) -> int:
    from palauteketju.project.ground import bring_up_to_date

    bring_up_to_date()
    print("The database is up to date.")
    return 0
