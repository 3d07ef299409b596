"""The command line: `palauteketju [--data DIR] COMMAND`."""

import argparse
import errno
import importlib
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import ModuleType

from palauteketju.project.commands import Refused
from palauteketju.project.environment import BadEnvironment

COMMANDS = {
    "demo": "everything at once, with an invented county, for trying it out",
    "serve": "the web server",
    "worker": "the jobs and the clock",
    "migrate": "bring the database to this version of the program",
    "check": "refuse an unsafe configuration and say why",
    "make-keys": "make the key file that seals contact details",
    "import-organisation": "the county's areas and units from a CSV file",
    "add-person": "somebody who signs in, with a role",
    "import-events": "service events from a CSV file",
    "tick": "do everything that is due",
    "synthetic": "fill an empty database with an invented county",
    "figures": "every released block as JSON lines",
    "export": "every released block as CSV, Parquet or JSON lines, for data people",
    "report": "the ready-made report of a week, a month, four months or a year",
    "explain-deadline": "how a deadline is counted, day by day",
    "eligibility": "who of these service events would be asked, and why not",
    "triage": "what the urgency rules say of a text",
    "themes": "how many feedbacks other theme words would sort otherwise",
    "redact": "mask names, numbers, addresses and dates in a text",
    "publish": "the public site as files",
    "verify-audit": "check the audit trail from its first entry",
    "backup": "everything into one file, from a running system",
    "restore": "everything from one file, into an empty system",
    "django": "Django's own commands, for developers",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command. 0 done, 1 refused with a message on stderr, 2 wrong usage."""
    arguments = sys.argv[1:] if argv is None else argv
    data, name, rest = _split(arguments)
    module = _module(name)
    parser = argparse.ArgumentParser(prog=f"palauteketju {name}", description=COMMANDS[name])
    module.add_arguments(parser)
    options = parser.parse_args(rest)
    options.data = data
    # Ends like Ctrl-C, through every `finally`: a database that this command started is stopped again.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        with _ground(module.NEEDS, data):
            run: Callable[[argparse.Namespace], int] = module.run
            status = run(options)
            # Here and not at the interpreter's end, where a full disk would be a traceback.
            sys.stdout.flush()
            return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`… | head`): nothing is wrong, but nothing more can be said either.
        _say_no_more()
        return 0
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            _say_no_more()
            print("There is no space left to write to.", file=sys.stderr)
            return 1
        if not isinstance(error, _refusals()):
            raise
        print(error, file=sys.stderr)
        return 1


def _say_no_more() -> None:
    """Whatever still waits to be written to the standard output goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _split(arguments: list[str]) -> tuple[Path, str, list[str]]:
    listing = "\n".join(f"  {name:<20} {text}" for name, text in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="palauteketju",
        description=f"The customer-feedback chain of a wellbeing services county.\n\ncommands:\n{listing}",
        epilog="`palauteketju COMMAND --help` tells more of each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("PALAUTEKETJU_DATA", "data")), metavar="DIR"
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    return options.data.absolute(), options.command, options.arguments


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"palauteketju.project.commands.{name.replace('-', '_')}")


def _ground(needs: str, data: Path) -> AbstractContextManager[object]:
    """What the command stands on: nothing, the settings, or the settings and a database that is up to date."""
    os.environ["PALAUTEKETJU_DATA"] = str(data)
    if needs == "nothing":
        return nullcontext()
    from palauteketju.project import ground

    return ground.settings_only() if needs == "settings" else ground.with_database(data)


def _refusals() -> tuple[type[Exception], ...]:
    """Everything that is a clear refusal rather than a fault; steps' errors only once Django stands."""
    from palauteketju.project.database import DatabaseUnavailable

    known: tuple[type[Exception], ...] = (Refused, BadEnvironment, DatabaseUnavailable)
    if "django.apps" in sys.modules and sys.modules["django.apps"].apps.ready:
        from palauteketju.handling.errors import WordRulesChanged
        from palauteketju.handling.triage.themes import BadThemes
        from palauteketju.handling.triage.urgency import BadRules
        from palauteketju.organisation.errors import OrganisationFileRefused
        from palauteketju.organisation.rules import BadCountyFile
        from palauteketju.surveys.errors import BadQuestionSet, WordingChanged

        known += (OrganisationFileRefused, BadCountyFile, BadQuestionSet, WordingChanged)
        known += (WordRulesChanged, BadRules, BadThemes)
    return known


if __name__ == "__main__":
    sys.exit(main())
