"""A button pressed twice does a thing once: the second press is told what the first one did."""

from datetime import datetime, timedelta
from typing import Final

from palauteketju.handling.models import Case, Message
from palauteketju.organisation.models import Person

# So long the same words of the same person are one message: also who goes back in the browser and sends again says it once.
TWICE: Final = timedelta(minutes=10)
# Of calls and notes, which may well be the same: "no answer" twice in a quarter of an hour is two calls.
PRESSED_TWICE: Final = timedelta(minutes=1)


def said_just_now(
    case: Case, kind: Message.Kind, text: str, *, by: Person, at: datetime, within: timedelta = TWICE
) -> Message | None:
    """The message of the first press. For a case whose row is locked: two presses come at the same moment."""
    return case.messages.filter(kind=kind, author=by, text=text, at__gt=at - within).last()
