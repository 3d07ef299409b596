import argparse

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(_options: argparse.Namespace) -> int:
    from palauteketju.audit import log
    from palauteketju.project.commands import Refused

    verdict = log.verify()
    if verdict.broken_at is not None:
        raise Refused(
            f"The audit trail breaks at entry {verdict.broken_at}; the {verdict.entries} before it are sound."
        )
    print(f"The audit trail is whole: {verdict.entries} entries. Last seal: {verdict.last_seal}")
    return 0
