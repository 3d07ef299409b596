"""Cases in words: the rows of the worklist, the facts of a case, and what the customer is told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from palauteketju.handling.models import Case, DeadlineChange, Message
from palauteketju.handling.replies.beside_the_reply import Colleague
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.organisation.days import day_in_words, moment_in_words
from palauteketju.organisation.deadlines import promised_answer
from palauteketju.organisation.models import Unit
from palauteketju.surveys.library import question_set


def row_of(case: Case, *, at: datetime, matter: str = "") -> dict[str, str]:
    """A case on the worklist: who waits for what since when. Nothing of what was written.

    `matter` is what its handlers see of it besides (cases/matters.py).
    """
    facts = case.unit.name
    if not _title_tells_arrival(case):
        facts = _("%(unit)s, arrived %(day)s") % {"unit": facts, "day": day_in_words(case.arrived_at)}
    badge, badge_text = _badge(case, at=at)
    return {
        "url": reverse("handling:case", args=[case.pk]),
        # The number makes each link of the list another one also for whoever hears only the links.
        "title": _("Case %(number)s: %(what)s") % {"number": case.pk, "what": what_is_waited_for(case)},
        "facts": f"{facts}. {matter}" if matter else facts,
        "when": time_left(case, at=at),
        "badge": badge,
        "badge_text": badge_text,
    }


def found_row(case: Case, *, at: datetime, matter: str) -> dict[str, str]:
    """A case that a search found; unlike those of the worklist it may be closed."""
    row = row_of(case, at=at, matter=matter)
    if case.closed_at:
        row["when"] = _("Closed on %(day)s") % {"day": day_in_words(case.closed_at)}
        row["badge"] = row["badge_text"] = ""
    return row


def _badge(case: Case, *, at: datetime) -> tuple[str, str]:
    """What presses most. Late comes before urgent: an urgent case that is late is the worst of all."""
    if case.due_at and case.due_at < at:
        return "late", days_left(case.due_at, at=at)
    if case.is_urgent:
        return "urgent", _("Urgent")
    if case.due_at and timezone.localdate(case.due_at) == timezone.localdate(at):
        return "today", _("Due today")
    return ("waiting", _("Waiting for the customer")) if case.waiting_since else ("", "")


def _title_tells_arrival(case: Case) -> bool:
    return case.wants_answer and not case.customer_wrote_at and not case.waiting_since


def what_is_waited_for(case: Case) -> str:
    """How it stands, in a sentence; the heading of its page."""
    if case.is_closed:
        return str(case.get_outcome_display())
    if turn := _after_the_first_word(case):
        return turn
    if case.wants_answer:
        return _("The customer has been waiting for an answer since %(day)s") % {
            "day": day_in_words(case.arrived_at)
        }
    if case.is_urgent:
        return _("Urgent feedback without a wish for an answer: act, and write down what was done")
    return _("Opened by a handler on %(day)s") % {"day": day_in_words(case.opened_at)}


def _after_the_first_word(case: Case) -> str:
    """What the dialogue waits for, once there is one."""
    if case.answered_at and case.wants_answer:
        return _("The answer is written and waits to be posted or told on the phone")
    if case.customer_wrote_at:
        return _("The customer wrote more on %(day)s") % {"day": day_in_words(case.customer_wrote_at)}
    if case.waiting_since:
        return _("The customer was asked for more on %(day)s") % {"day": day_in_words(case.waiting_since)}
    return ""


def time_left(case: Case, *, at: datetime) -> str:
    """The deadline in words, for an open case."""
    if case.due_at is None:
        return _("No deadline")
    if timezone.localdate(case.due_at) == timezone.localdate(at):
        return days_left(case.due_at, at=at)
    facts = {"day": day_in_words(case.due_at), "left": days_left(case.due_at, at=at)}
    # How late it is stands in the badge.
    return _("Was due %(day)s") % facts if case.due_at < at else _("By %(day)s, %(left)s") % facts


def colleagues_in_words(there: Iterable[Colleague], *, at: datetime) -> list[str]:
    """Who else is at the case, each in a sentence: whoever has begun an answer will hardly want a second one."""
    told = []
    for one in there:
        facts = {"name": one.name, "time": _time_ago(one.opened_at, at=at) if one.opened_at else ""}
        if one.draft_at and one.opened_at:
            told.append(_("%(name)s opened this case %(time)s and has begun an answer.") % facts)
        elif one.opened_at:
            told.append(_("%(name)s opened this case %(time)s.") % facts)
        else:
            facts["day"] = moment_in_words(one.draft_at or at)
            told.append(_("%(name)s has begun an answer, saved %(day)s.") % facts)
    return told


def _time_ago(then: datetime, *, at: datetime) -> str:
    minutes = int((at - then).total_seconds()) // 60
    if minutes < 1:
        return _("just now")
    return ngettext("%(minutes)s minute ago", "%(minutes)s minutes ago", minutes) % {"minutes": minutes}


def days_left(due: datetime, *, at: datetime) -> str:
    days = (timezone.localdate(due) - timezone.localdate(at)).days
    if days == 0:
        return _("By the end of today")
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}


def respondent_in_words(feedback: Feedback) -> str:
    """Who wrote it. An empty answer is stored as the customer's own, so that alone claims nothing more."""
    if feedback.respondent == Feedback.Respondent.CUSTOMER:
        return _("The customer, or not told")
    return str(feedback.get_respondent_display())


def timeline_for_staff(messages: Iterable[Message], customer: str) -> list[dict[str, Any]]:
    """All that was said and done, oldest first; `customer` names the one who wrote the feedback."""
    return [
        {
            "kind": _kind_of_entry(message),
            "who": customer if message.author is None else f"{message.author}: {message.get_kind_display()}",
            "at": message.at,
            "when": moment_in_words(message.at),
            "text": message.text,
        }
        for message in messages
    ]


def timeline_for_customer(
    messages: Iterable[Message], unit_at: Callable[[datetime], str]
) -> list[dict[str, Any]]:
    """The dialogue as the customer sees it: the unit that then had the case speaks, not one of its people."""
    return [
        {
            "kind": _kind_of_entry(message),
            "who": _who_for_customer(message.kind, unit_at(message.at)),
            "at": message.at,
            "when": day_in_words(message.at),
            "text": message.text,
        }
        for message in messages
        if message.kind in Message.SHOWN_TO_CUSTOMER
    ]


def preview_for_customer(
    kind: Message.Kind, text: str, unit: Unit, *, language: str, at: datetime
) -> dict[str, Any]:
    """A message not yet sent, as the customer would see it in the `language` of their form."""
    with translation.override(language):
        who, when = _who_for_customer(kind, unit.name), day_in_words(at)
    return {"kind": "county", "who": who, "at": at, "when": when, "text": text, "language": language}


def how_it_reaches(way: str) -> str:
    """How a message of the unit gets to the customer, and what staff have to do for it; `way` as `queries.way_asked` has it."""
    return {
        ContactRequest.Way.EMAIL.value: _("The customer gets an e-mail that there is something to read."),
        ContactRequest.Way.SMS.value: _(
            "The customer gets a text message that there is something to read, but not in the night."
        ),
        ContactRequest.Way.LETTER.value: _(
            "The customer asked for a letter: print it on the page of the case, and post it."
        ),
        ContactRequest.Way.PHONE.value: _(
            "The customer asked for a phone call and is not told in any other way: call them."
        ),
    }.get(
        way, _("The customer reads it on our site with the receipt code, and is not told in any other way.")
    )


def events_for_managers(case: Case) -> list[tuple[str, str]]:
    """What has happened and on which day, without a word of what was said."""
    steps = [(_("Arrived"), case.arrived_at), (_("Case opened"), case.opened_at)]
    steps += [(_("First reaction"), case.first_reaction_at)] if case.first_reaction_at else []
    steps += [(_("The customer was asked for more"), case.waiting_since)] if case.waiting_since else []
    steps += [(_("Answered"), case.answered_at)] if case.answered_at else []
    steps += [(_("Closed"), case.closed_at)] if case.closed_at else []
    return [(name, day_in_words(at)) for name, at in steps]


def status_for_customer(feedback: Feedback, case: Case | None, *, at: datetime) -> tuple[str, str]:
    """What stands and what happens next, in two short texts."""
    if case is None:
        return _status_without_case(feedback)
    if case.is_closed:
        return _status_of_closed(case)
    if case.answered_at:
        return _("The unit has answered you."), _("The answer is below.")
    if case.waiting_since:
        return _("The unit has a question for you."), _status_of_asked(feedback, case, at=at)
    if case.wants_answer:
        return _status_of_promised(feedback, case, at=at)
    return _("Your feedback is being dealt with in the unit."), _(
        "You asked for no answer, so we do not contact you. If the unit has something to ask or tell you, you see it here."
    )


def _status_of_asked(feedback: Feedback, case: Case, *, at: datetime) -> str:
    below = _("The question and a place to answer it are below.")
    if not case.wants_answer:
        return below
    # The clock keeps running while the unit waits: the day that was told stands.
    _stands, promised = _status_of_promised(feedback, case, at=at)
    return f"{below} {promised}"


def _status_of_promised(feedback: Feedback, case: Case, *, at: datetime) -> tuple[str, str]:
    first, promised = promise_to_customer(feedback, case)
    day = day_in_words(promised)
    if timezone.localdate(at) > promised:
        return _("The unit is late with your answer."), _(
            "You should have been answered by %(day)s. We are sorry. The unit and its manager have been reminded."
        ) % {"day": day}
    if promised > first:
        return _("The unit is preparing an answer."), _(
            "We answer by %(day)s. We first told you %(first)s, but the answer takes longer."
        ) % {"day": day, "first": day_in_words(first)}
    return _("The unit is preparing an answer."), _("We answer by %(day)s. You see the answer here.") % {
        "day": day
    }


def _status_without_case(feedback: Feedback) -> tuple[str, str]:
    if feedback.wants_answer:
        day = day_in_words(_promised_day(feedback))
        return _("Your feedback has arrived."), _("We answer by %(day)s. You see the answer here.") % {
            "day": day
        }
    return _("Your feedback has arrived and is counted in the reports."), _(
        "The unit goes through its reports every week and decides what to change. You asked for no answer, so we do not"
        " contact you."
    )


def headings_for_customer(cases: Sequence[Case]) -> list[str]:
    """What tells the parts of a feedback from each other: their units, and a number where a unit has two of them."""
    names = [case.unit.name for case in cases]
    if len(set(names)) == len(names):
        return names
    return [
        _("%(unit)s, part %(number)s of %(count)s") % {"unit": name, "number": number, "count": len(names)}
        for number, name in enumerate(names, start=1)
    ]


def promise_to_customer(feedback: Feedback, case: Case) -> tuple[date, date]:
    """The day the customer was told first, and the one that holds now.

    As on the thank-you page: rules that find a text urgent hurry the unit, but promise the customer nothing more. A
    deadline that was moved to a later day, and told so, moves the promise; one moved to an earlier day does not.
    """
    # What is found of the urgency hurries the unit or not; it promises nothing.
    changes = [one for one in case.deadline_changes.all() if one.why not in DeadlineChange.OF_URGENCY]
    first = _promised_day(feedback)
    if case.is_urgent == feedback.needs_attention and changes:
        # The rules may have changed since then; what was told has not.
        first = timezone.localdate(changes[0].before)
    if not changes or case.due_at is None:
        return first, first
    # What was found urgent later takes no day back that was told.
    return first, max(first, timezone.localdate(changes[-1].after), timezone.localdate(case.due_at))


def _promised_day(feedback: Feedback) -> date:
    return promised_answer(feedback.arrived_at, is_urgent=feedback.needs_attention)


def _status_of_closed(case: Case) -> tuple[str, str]:
    day = day_in_words(case.closed_at) if case.closed_at else ""
    if case.redirected_to:
        return _("The unit has told you where your matter belongs."), _("Answered on %(day)s.") % {"day": day}
    if case.outcome == Case.Outcome.ANSWERED:
        return _("Your feedback has been answered."), _("Answered on %(day)s.") % {"day": day}
    words = {
        Case.Outcome.ACTED: _("The unit has acted on your feedback."),
        Case.Outcome.REDIRECTED: _("Your feedback has been passed on to those whom it concerns."),
        Case.Outcome.NO_ANSWER_POSSIBLE: _("Your feedback has been dealt with, but we could not answer you."),
    }
    dealt_with = words.get(Case.Outcome(case.outcome), _("Your feedback has been dealt with."))
    return dealt_with, _("Dealt with on %(day)s. Your feedback is also counted in the reports.") % {
        "day": day
    }


def _kind_of_entry(message: Message) -> str:
    if message.kind == Message.Kind.FROM_CUSTOMER:
        return "customer"
    return "note" if message.kind in {Message.Kind.NOTE, Message.Kind.CALL} else "county"


def _who_for_customer(kind: str, unit: str) -> str:
    if kind == Message.Kind.FROM_CUSTOMER:
        return _("You")
    if kind == Message.Kind.EXTENSION:
        return _("%(unit)s tells") % {"unit": unit}
    return (
        _("%(unit)s asks") % {"unit": unit}
        if kind == Message.Kind.CLARIFICATION
        else _("%(unit)s answers") % {"unit": unit}
    )


def answers_in_words(feedback: Feedback) -> list[tuple[str, str]]:
    """Each answered question with its answer, in the reader's language."""
    questions = question_set(feedback.question_set)
    language = (get_language() or "fi")[:2]
    scale = {choice.value: choice.text for choice in questions.scale}
    answered = []
    for question in questions.questions:
        value = feedback.answers.get(question.id)
        if value is None:
            continue
        said = f"{value} / 10" if question.kind == "recommendation" else _in(scale[value], language)
        answered.append((_in(question.text, language), said))
    return answered


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts["fi"]
