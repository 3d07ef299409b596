import argparse
import json
from dataclasses import asdict

from palauteketju.project.commands import triage

NEEDS = "nothing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    triage.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Texts come in on standard input and are not kept. Names of staff are not known here."""
    from palauteketju.privacy.redaction import redact

    for text, language in triage.texts(options):
        redacted = redact(text, language=language)
        answer = {"text": redacted.text, "found": [asdict(one) for one in redacted.found]}
        print(json.dumps(answer), flush=options.lines)
    return 0
