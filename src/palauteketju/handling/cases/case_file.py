"""A case on paper, whole, for whoever has asked for the records: what was written, said, decided and done, and by whom."""

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from palauteketju.audit.models import Entry
from palauteketju.brand import documents
from palauteketju.handling.cases.day_lists import changes_in_words, counted_days, days_in_words
from palauteketju.handling.cases.history import deadline_changes_of, moves_of
from palauteketju.handling.cases.labels import label
from palauteketju.handling.cases.wording import answers_in_words, respondent_in_words, timeline_for_staff
from palauteketju.handling.models import Case, CaseLink, Triage
from palauteketju.handling.triage.themes import LABELS as THEMES
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.intake.submissions import Contact
from palauteketju.organisation.days import day_in_words, moment_in_words
from palauteketju.organisation.look import county_brand
from palauteketju.organisation.trail import Told, told

_TEMPLATE = Path(__file__).parent.parent / "templates" / "handling" / "case_file.typ"


def render(case: Case, *, contact: Contact | None) -> bytes:
    """A tagged PDF (PDF/UA-1) in the active language; contact details only when they are given."""
    return documents.render_pdf(_TEMPLATE, contents(case, contact=contact))


def contents(case: Case, *, contact: Contact | None) -> dict[str, Any]:
    """All that stands on the paper."""
    language = (translation.get_language() or "fi")[:2]
    feedback = Feedback.objects.select_related("unit").get(pk=case.feedback_id)
    changes = deadline_changes_of(case)
    title = _("Case %(number)s") % {"number": case.pk}
    days = days_in_words(counted_days(case, changes))
    return {
        "look": documents.look(county_brand(), language),
        "title": title,
        "unit": case.unit.name,
        "facts": [*_facts_of_feedback(feedback), *_facts_of_case(case), *_contact_facts(case, contact)],
        "written": feedback.text or _("The customer wrote nothing, only answered the questions."),
        "written_in": feedback.language,
        "answers": [list(pair) for pair in answers_in_words(feedback)],
        "dialogue": [
            {"who": entry["who"], "when": entry["when"], "text": entry["text"]}
            for entry in timeline_for_staff(case.messages.select_related("author"), _("Customer"))
        ],
        "days": [
            [f"{day['day']}, {day['name']}" if day["name"] else day["day"], str(day["reason"])]
            for day in days
        ],
        "changes": [
            f"{one['days']}. {one['why']}{': ' if one['reason'] else ''}{one['reason']}"
            for one in changes_in_words(changes, with_reasons=True)
        ],
        "moves": [
            f"{day_in_words(move.at)}: {move.from_unit.name} → {move.to_unit.name}" for move in moves_of(case)
        ],
        "not_whole": _not_whole(feedback.text, *case.messages.values_list("text", flat=True)),
        "trail": [_row_of(one) for one in told(trail_of(case))],
        "words": _words(),
    }


def _not_whole(*texts: str) -> str:
    """Whoever asked for the records must not take a part for the whole."""
    if all(map(documents.is_whole_on_paper, texts)):
        return ""
    return _(
        "Some of the characters that were written cannot be printed here. Words in other letters are marked with □, and emoji are left out."
        " The whole text is in the program."
    )


def trail_of(case: Case) -> list[Entry]:
    """All entries about the case, this printing among them."""
    entries = Entry.objects.filter(subject_type="handling.case", subject_id=str(case.pk))
    return list(entries.select_related("actor").order_by("number"))


def _facts_of_feedback(feedback: Feedback) -> list[list[str]]:
    triage = Triage.objects.filter(feedback=feedback).first()
    themes = [str(THEMES[code]) for code in (triage.themes if triage else []) if code in THEMES]
    facts = [
        [_("Given to"), feedback.unit.name],
        [_("Arrived"), moment_in_words(feedback.arrived_at)],
        [_("Recorded"), moment_in_words(feedback.recorded_at)],
        [_("Channel"), str(feedback.get_channel_display())],
        [_("Language"), {"sv": _("Swedish"), "en": _("English")}.get(feedback.language, _("Finnish"))],
        [_("Written by"), respondent_in_words(feedback)],
    ]
    facts += [[_("Kind"), str(feedback.get_kind_display())]] if feedback.kind else []
    return [*facts, [_("Themes"), ", ".join(themes)]] if themes else facts


def _facts_of_case(case: Case) -> list[list[str]]:
    why = [str(label(code)) for code in case.why]
    others = Case.objects.filter(feedback=case.feedback_id).exclude(pk=case.pk).order_by("pk")
    links = CaseLink.objects.filter(first=case).values_list("second", flat=True)
    linked = [*links, *CaseLink.objects.filter(second=case).values_list("first", flat=True)]
    given = [
        (_("Road"), str(case.get_road_display())),
        (_("Why"), "; ".join(why)),
        (_("Case opened"), moment_in_words(case.opened_at)),
        (
            _("Deadline"),
            day_in_words(case.due_at) if case.due_at else _("None: nobody was promised anything"),
        ),
        (_("First reaction"), _moment(case.first_reaction_at)),
        (_("Answered"), _moment(case.answered_at)),
        (_("Closed"), _moment(case.closed_at)),
        (_("How it ended"), str(case.get_outcome_display())),
        (_("Shown the way to"), str(case.get_redirected_to_display())),
        (_("Other cases about the same feedback"), ", ".join(str(one.pk) for one in others)),
        (_("Linked cases"), ", ".join(str(number) for number in sorted(linked))),
    ]
    return [[name, value] for name, value in given if value]


def _contact_facts(case: Case, contact: Contact | None) -> list[list[str]]:
    if not case.wants_answer:
        return []
    if contact:
        way = str(dict(ContactRequest.Way.choices)[contact.way])
        return [[_("Contact details"), f"{way}: {contact.value}" if contact.value else way]]
    return [[_("Contact details"), _("Not printed here")]]


def _moment(at: Any) -> str:
    return moment_in_words(at) if at else ""


def _row_of(one: Told) -> list[str]:
    entry = one.entry
    who = str(entry.actor) if entry.actor else _("The program")
    facts = "\n".join(f"{name}: {value}" for name, value in one.facts)
    return [str(entry.number), moment_in_words(entry.at), who, str(entry.in_words), facts]


def _words() -> dict[str, str]:
    return {
        "written": _("Feedback as written"),
        "answers": _("Answers to the questions"),
        "dialogue": _("What has been said and done"),
        "nothing_said": _("Nothing yet"),
        "days": _("How the days are counted"),
        "changes": _("How the deadline was moved"),
        "moves": _("Moved"),
        "trail": _("Audit trail"),
        "number": _("Entry"),
        "day": _("Day"),
        "reason": _("Why"),
        "when": _("When"),
        "who": _("Who"),
        "what": _("What"),
        "facts": _("Facts"),
    }
