"""Feedback through the real front door, in a database that other processes see too."""

from uuid import uuid4

import pytest
from django.utils import timezone

from palauteketju.intake import submissions
from palauteketju.intake.actions import receive
from palauteketju.surveys.actions import take_into_use
from palauteketju.surveys.library import question_set, question_sets
from tests.handling import conftest as handling

committed = handling.committed
at_once = handling.at_once
postbox = handling.postbox


@pytest.fixture
def give(committed, settings, tmp_path, units, people):
    """Give so many feedbacks to a unit; the id of the last one."""
    settings.SMS_SIMULATOR_DIR = tmp_path / "simulator"
    settings.PUBLISHED_DIR = tmp_path / "published"
    take_into_use(question_sets().values(), at=timezone.now())

    def give(n=1, *, at, unit=units.keskusta, text="", way=None, nps="9"):
        for _ in range(n):
            raw = {"answers": {"nps": nps}, "text": text, "contact": {"way": way} if way else None}
            submission, errors = submissions.read(
                raw, unit=unit, channel="web", question_set=question_set("thl-2"), language="fi", at=at
            )
            assert not errors
            received = receive(submission, nonce=uuid4(), at=at)
        return received.feedback_id

    return give
