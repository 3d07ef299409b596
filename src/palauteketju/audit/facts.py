"""What the facts of an entry are called, how their values are read, and what an entry is about.

As with actions (wording.py), entries hold names and codes, which never change, and the words for all of them stand here.
What a code means is said by its step, in `<step>/trail_codes.py`: the step has the words already. tests/audit/test_facts.py
fails for a fact without a name here and for a code without a step that says what it means.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from importlib import import_module
from typing import Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

CodeInWords = Callable[[str], str | Promise | None]


class Reading(Enum):
    """How the value of a fact is read. In any of them, none is none, and true and false are yes and no."""

    AS_WRITTEN = auto()
    # Codes and numbers may be many, with spaces or commas between them.
    CODES = auto()
    NUMBERS = auto()
    DAY = auto()
    MOMENT = auto()
    MONTH = auto()
    # Of a unit, its number or its code.
    UNIT = auto()
    PERSON = auto()


@dataclass(frozen=True)
class Fact:
    name: str | Promise
    reading: Reading = Reading.AS_WRITTEN


# In the order in which they are told. Where a name means another thing with some action, it has a second line under both.
FACTS: Final[dict[str, Fact]] = {
    "code": Fact(_("Code of the unit")),
    "fields": Fact(_("Changed"), Reading.CODES),
    "role": Fact(_("Role"), Reading.CODES),
    "right": Fact(_("Right"), Reading.CODES),
    "unit": Fact(_("Unit"), Reading.UNIT),
    "format": Fact(_("Which chat"), Reading.CODES),
    "only_urgent": Fact(_("Only urgent feedback")),
    "first_day": Fact(_("First day"), Reading.DAY),
    "last_day": Fact(_("Last day"), Reading.DAY),
    "substitute": Fact(_("Substitute"), Reading.PERSON),
    "channel": Fact(_("Channel"), Reading.CODES),
    "recorded_before": Fact(_("Recorded before"), Reading.DAY),
    "deleted": Fact(_("Number of feedbacks deleted")),
    "split_from": Fact(_("Split from case")),
    "road": Fact(_("Road"), Reading.CODES),
    "arrived": Fact(_("Arrived"), Reading.MOMENT),
    "due": Fact(_("Deadline"), Reading.DAY),
    "before": Fact(_("Earlier deadline"), Reading.DAY),
    "after": Fact(_("New deadline"), Reading.DAY),
    "from": Fact(_("From unit"), Reading.UNIT),
    "to": Fact(_("To unit"), Reading.UNIT),
    "handling.case.redirected to": Fact(_("Shown the way to"), Reading.CODES),
    "into": Fact(_("Number of the new case")),
    "with": Fact(_("Number of the other case")),
    "outcome": Fact(_("How it ended"), Reading.CODES),
    "kind": Fact(_("Prompt"), Reading.CODES),
    "handling.quote.approved kind": Fact(_("Kind"), Reading.CODES),
    "person": Fact(_("To whom"), Reading.PERSON),
    "prompted": Fact(_("Number of people prompted")),
    "prompts": Fact(_("Number of prompts")),
    "late": Fact(_("Number of late cases")),
    "way": Fact(_("Way"), Reading.CODES),
    "message": Fact(_("Number of the message")),
    "letter": Fact(_("Number of the letter")),
    "contact_details": Fact(_("Contact details printed")),
    "feedback": Fact(_("Numbers of the feedbacks"), Reading.NUMBERS),
    "handling.quote.approved feedback": Fact(_("Number of the feedback")),
    "cases": Fact(_("Numbers of the cases"), Reading.NUMBERS),
    "themes": Fact(_("Themes"), Reading.CODES),
    "urgent": Fact(_("Urgent feedback"), Reading.CODES),
    "others": Fact(_("Other feedback"), Reading.CODES),
    "digest": Fact(_("Fingerprint of the rules")),
    "moved": Fact(_("Number of deadlines moved")),
    "month": Fact(_("Month"), Reading.MONTH),
    "groups": Fact(_("Number of groups of cases")),
    "blocks": Fact(_("New groups of answers")),
    "public": Fact(_("New public groups of answers")),
    "k": Fact(_("Smallest group of answers")),
    "public_k": Fact(_("Smallest public group of answers")),
    "merge_after_days": Fact(_("Days after which waiting answers merge")),
    "released": Fact(_("Number of quotes released")),
    "withdrawn": Fact(_("Number of quotes withdrawn")),
    "reports": Fact(_("Number of reports")),
    "stream": Fact(_("Question"), Reading.CODES),
    "theme": Fact(_("Theme"), Reading.CODES),
    "n": Fact(_("Number of answers")),
    "version": Fact(_("Version")),
    "state": Fact(_("State"), Reading.CODES),
    "week": Fact(_("Week"), Reading.CODES),
}

# Units and people are called by their names; these words are for one that is gone.
SUBJECTS: Final[dict[str, str | Promise]] = {
    "organisation.unit": _("Unit %(number)s"),
    "organisation.person": _("Person %(number)s"),
    "organisation.integration": _("Other system %(number)s"),
    "organisation.failedsignin": _("Unknown user name, attempt %(number)s"),
    "intake.feedback": _("Feedback %(number)s"),
    "handling.case": _("Case %(number)s"),
    "handling.chatchannel": _("Chat channel %(number)s"),
    "handling.countingrules": _("Rules of deadlines %(number)s"),
    "handling.followup": _("Question %(number)s: did the answer help"),
    "handling.ownthemewords": _("Theme words, version %(number)s"),
    "handling.quote": _("Quote %(number)s"),
    "handling.replytemplate": _("Reply template %(number)s"),
    "insight.cutoff": _("Figures of the reports"),
    "improvement.boardkey": _("Address of a unit's board %(number)s"),
    "improvement.measure": _("Measure %(number)s"),
    "improvement.weekreview": _("Unit's meeting %(number)s"),
}


def key_of(action: str, name: str) -> str:
    """Under which a fact of an action has its line in FACTS, if it has one."""
    both = f"{action} {name}"
    return both if both in FACTS else name


def code_in_words(key: str, code: str) -> str | Promise:
    """A code that its step does not know, as it was written."""
    in_words = codes().get(key)
    return (in_words and in_words(code)) or code


@cache
def codes() -> dict[str, CodeInWords]:
    """What the codes of each fact mean, as the steps say: asked of each by its place, because steps are later than the trail."""
    found: dict[str, CodeInWords] = {}
    for step in apps.get_app_configs():
        if module_has_submodule(step.module, "trail_codes"):
            found |= import_module(f"{step.name}.trail_codes").CODES
    return found
