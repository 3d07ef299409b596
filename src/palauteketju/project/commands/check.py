import argparse

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(_options: argparse.Namespace) -> int:
    from django.core.management import call_command

    from palauteketju.project import safety

    call_command("check", verbosity=0)
    safety.refuse_if_unsafe()
    for remark in safety.remarks():
        print(f"Missing: {remark}")
    print("Nothing to refuse.")
    return 0
