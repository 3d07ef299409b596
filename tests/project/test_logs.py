"""Logs that cannot repeat what people wrote."""

import logging
import sys

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from palauteketju.intake.models import Feedback
from palauteketju.project.logs import WordlessFormatter

WORDS = "Sinikello-huoneessa oli kylmä"


@pytest.fixture
def logged():
    """The lines that the program's own formatter makes of a record."""
    formatter = WordlessFormatter("{levelname} {name} {message}", style="{")

    def line(message, *arguments, error=None):
        exc_info = (type(error), error, error.__traceback__) if error else None
        return formatter.format(
            logging.LogRecord("palauteketju", logging.ERROR, __file__, 1, message, arguments, exc_info)
        )

    return line


def caught(kind, provoke):
    try:
        provoke()
    except kind as error:
        return error
    raise AssertionError("Nothing was raised.")


def test_it_works(logged):
    assert logged("tick.part_failed part=%s", "blocks") == "ERROR palauteketju tick.part_failed part=blocks"


def test_the_row_that_the_database_refused_is_not_logged(logged, units):
    now = timezone.now()
    row = {
        "unit": units.keskusta,
        "channel": "web",
        "respondent": "customer",
        "language": "fi",
        "answers": {},
        "text": WORDS,
        "kind": "",
        "arrived_at": now,
        "promise": 1,
        "question_set": "thl-2",
    }

    def refuse():
        with transaction.atomic():
            Feedback.objects.create(**row, recorded_at=None, nonce=None, receipt_hash=b"")

    error = caught(IntegrityError, refuse)
    assert WORDS in str(error)

    line = logged("stored", error=error)
    assert WORDS not in line
    assert "django.db.utils.IntegrityError" in line
    # Where it happened is told, also of what caused it.
    assert "psycopg.errors.NotNullViolation" in line
    assert "test_logs.py" in line


def test_the_bytes_that_could_not_be_read_are_not_logged(logged):
    error = caught(UnicodeDecodeError, lambda: f"{WORDS} \udcff".encode("utf-8", "surrogateescape").decode())
    assert "Sinikello" in str(error.object)

    line = logged("read", error=error)
    assert "Sinikello" not in line
    assert "UnicodeDecodeError" in line


def test_what_happened_while_another_error_was_dealt_with_is_told_without_words(logged):
    def refuse():
        try:
            int(WORDS)
        except ValueError:
            {}[WORDS]

    line = logged("twice", error=caught(KeyError, refuse))
    assert line.count("its message is not logged") == 2
    assert WORDS not in line


def test_a_surveys_address_is_not_logged(logged):
    assert logged("Not Found: %s", "/v/abcdefgh234567/") == "ERROR palauteketju Not Found: /v/…/"


def test_an_error_without_an_exception_adds_nothing():
    assert WordlessFormatter().formatException(sys.exc_info()) == ""


def test_the_program_logs_with_it(settings):
    formatter = settings.LOGGING["formatters"][settings.LOGGING["handlers"]["console"]["formatter"]]
    assert formatter["()"] == "palauteketju.project.logs.WordlessFormatter"
    assert settings.LOGGING["root"]["handlers"] == ["console"]
