"""What is wrong with a feedback, in the user's words: the form and the API say the same."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from palauteketju.intake import submissions
from palauteketju.surveys import answers


def explained(errors: Mapping[str, str], raw: Mapping[str, Any]) -> dict[str, str]:
    """Each field of `submissions.read`'s errors with a sentence that tells what to do."""
    return {field: _sentence(field, code, raw) for field, code in errors.items()}


def _sentence(field: str, code: str, raw: Mapping[str, Any]) -> str:
    if code == answers.MISSING:
        return _("Choose a number from 0 to 10.")
    if code == answers.UNKNOWN_QUESTION:
        return _("This question is not in the question set.")
    if code == submissions.TOO_LONG:
        return _too_long(field, raw)
    sentences = {
        ("text", submissions.EMPTY): _("Answer at least one question or write something."),
        ("contact.value", submissions.EMPTY): _("Write where the answer should be sent."),
        ("contact.way", submissions.NOT_A_CHOICE): _("Choose how you want the answer."),
        ("contact.way", submissions.NOT_OFFERED): _(
            "Answers are not told of by text message here. Choose another way."
        ),
    }
    return sentences.get((field, code)) or {
        submissions.NOT_A_CHOICE: _("Choose one of the alternatives."),
        submissions.NOT_TEXT: _("Some characters cannot be read. Write them again."),
        submissions.BAD_EMAIL: _("Check the e-mail address. It looks like this: name@example.fi"),
        submissions.BAD_PHONE: _("Check the phone number. It looks like this: 040 123 4567"),
        submissions.BAD_MOBILE: _(
            "A text message can be sent to a Finnish mobile number only. It looks like this: 040 123 4567"
        ),
        submissions.NOT_OFFERED: _("An answer cannot be asked for here."),
        submissions.NOT_OPEN: _("The unit was not open on that day. Check the day and the unit."),
        submissions.BAD_TIME: _("Give a time that is not in the future and at most a year ago."),
    }.get(code, _("Check this."))


def _too_long(field: str, raw: Mapping[str, Any]) -> str:
    if field != "text":
        return _("This is too long: at most %(most)s characters.") % {"most": submissions.LONGEST_CONTACT}
    length = len(str(raw.get("text")).replace("\r\n", "\n").strip())
    return _(
        "The text is too long: %(count)s characters. At most %(most)s fit. Shorten it or send it in two parts."
    ) % {
        "count": number_format(length, force_grouping=True),
        "most": number_format(submissions.LONGEST_TEXT, force_grouping=True),
    }
