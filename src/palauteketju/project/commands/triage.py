import argparse
import json
import sys
from collections.abc import Iterator

from palauteketju.project.commands import Refused

NEEDS = "settings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lines", action="store_true", help='JSON lines {"text", "language"} in, one answer a line out'
    )
    parser.add_argument("--language", default="fi", choices=["fi", "sv", "en"])


def run(options: argparse.Namespace) -> int:
    """Texts come in on standard input and are not kept."""
    from palauteketju.handling.triage.rules_in_use import urgency_rules
    from palauteketju.handling.triage.urgency import assess

    rules = urgency_rules()
    for text, language in texts(options):
        urgency = assess(text, language=language, rules=rules)
        answer = {"urgent": urgency.urgent, "reasons": sorted({reason.kind for reason in urgency.reasons})}
        print(json.dumps(answer), flush=options.lines)
    return 0


def texts(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    try:
        if not options.lines:
            yield sys.stdin.buffer.read().decode("utf-8"), options.language
            return
        for number, line in enumerate(sys.stdin.buffer, start=1):
            given = json.loads(line.decode("utf-8"))
            if not isinstance(given, dict) or not isinstance(given.get("text"), str):
                raise Refused(f'line {number}: must be {{"text": …, "language": …}}.')
            yield given["text"], str(given.get("language") or options.language)
    except UnicodeDecodeError as error:
        raise Refused("The text is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Refused(f"line {number}: is not JSON.") from error
