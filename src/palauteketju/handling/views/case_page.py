"""The page of a case, put together: the whole of it for a handler, its state and deadline for a manager."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from palauteketju.handling import actions, wording
from palauteketju.handling.forms import CloseForm, RecordForm, ReplyForm
from palauteketju.handling.labels import day_name, label
from palauteketju.handling.models import Case, Triage
from palauteketju.handling.queries import has_record_for, outcomes_offered
from palauteketju.handling.themes import LABELS as THEMES
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.intake.submissions import Contact
from palauteketju.organisation.audience import StaffRequest
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.deadlines import county_deadline


@dataclass(frozen=True)
class Returned:
    """What a page that comes back carries: forms with their errors, what could not be sent, or the contact details."""

    reply: ReplyForm | None = None
    record: RecordForm | None = None
    close: CloseForm | None = None
    unsent: str = ""
    contact: Contact | None = None
    contact_asked: bool = False

    @property
    def failed(self) -> ReplyForm | RecordForm | CloseForm | None:
        forms = (self.reply, self.record, self.close)
        return next((form for form in forms if form is not None and form.errors), None)


def for_handler(
    request: StaffRequest, case: Case, *, at: datetime, returned: Returned | None = None, status: int = 200
) -> HttpResponse:
    """The case with its text. The reading is in the trail before anything is shown."""
    actions.record_reading(case, by=request.user, at=at)
    returned = returned or Returned()
    feedback = Feedback.objects.get(pk=case.feedback_id)
    messages = list(case.messages.select_related("author"))
    triage = Triage.objects.filter(feedback=feedback).first()
    context: dict[str, Any] = {
        "case": case,
        "feedback": feedback,
        "answers": wording.answers_in_words(feedback),
        "way": ContactRequest.objects.filter(feedback=feedback).values_list("way", flat=True).first(),
        "way_in_words": dict(ContactRequest.Way.choices),
        "timeline": wording.timeline_for_staff(messages, str(_("Customer"))),
        "themes": [THEMES[code] for code in (triage.themes if triage else []) if code in THEMES],
        "returned": returned,
        "failed": returned.failed,
        **_deadline(case, at=at),
    }
    if not case.is_closed:
        context["reply"] = returned.reply or ReplyForm()
        context["record"] = returned.record or RecordForm()
        context["close"] = returned.close or close_form(case, None)
    return render(request, "handling/case.html", context, status=status)


def for_manager(request: StaffRequest, case: Case, *, at: datetime) -> HttpResponse:
    """How the case stands. Neither the text nor the reasons found in it are read from the database for this page."""
    context = {"case": case, "events": wording.events_for_managers(case), **_deadline(case, at=at)}
    return render(request, "handling/case_facts.html", context)


def close_form(case: Case, data: Any) -> CloseForm:
    outcomes = {outcome: not has_record_for(case, outcome) for outcome in outcomes_offered(case)}
    return CloseForm(data, outcomes=outcomes, by_phone=case.wants_answer)


def _deadline(case: Case, *, at: datetime) -> dict[str, Any]:
    return {
        "heading": wording.what_is_waited_for(case),
        "why": [label(code) for code in case.why],
        "left": wording.days_left(case.due_at, at=at) if case.due_at and not case.is_closed else "",
        "is_late": bool(not case.is_closed and case.due_at and case.due_at < at),
        "days": _counted_days(case),
    }


def _counted_days(case: Case) -> list[dict[str, Any]]:
    if case.due_at is None:
        return []
    deadline = county_deadline(case.arrived_at, road="urgent" if case.is_urgent else "contact")
    # A calendar changed since then counts other days than those that were promised: then none are told.
    if deadline.due != case.due_at:
        return []
    return [
        {
            "day": day_in_words(day.date),
            "reason": label(day.reason),
            "name": day_name(day.name_fi),
            "counts": day.counts,
        }
        for day in deadline.days
    ]
