"""The page of a case, put together: the whole of it for a handler, its state and deadline for a manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palauteketju.handling import access, actions
from palauteketju.handling.cases import wording
from palauteketju.handling.cases.day_lists import changes_in_words, counted_days, days_in_words
from palauteketju.handling.cases.history import deadline_changes_of, linked_cases, moves_of, other_parts
from palauteketju.handling.cases.labels import label
from palauteketju.handling.forms.cases import CloseForm, RecordForm, ReplyForm
from palauteketju.handling.models import Case, Draft
from palauteketju.handling.prompting import shown
from palauteketju.handling.queries import (
    has_record_for,
    is_answered_on_the_phone,
    outcomes_offered,
    way_asked,
)
from palauteketju.handling.replies.beside_the_reply import colleagues_at, draft_of, templates_for
from palauteketju.handling.replies.letters import PRINTED
from palauteketju.handling.triage.judgements import judgement_of
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.intake.submissions import Contact
from palauteketju.organisation.audience import StaffRequest
from palauteketju.organisation.keeping_text import written

CUSTOMER_WROTE = gettext_lazy("The customer has written more since you opened the case. Read it first.")


@dataclass(frozen=True)
class Returned:
    """What a page that comes back carries: forms with their errors, what could not be sent, or the contact details."""

    reply: ReplyForm | None = None
    record: RecordForm | None = None
    close: CloseForm | None = None
    unsent: Sequence[str] = ()
    # Why it could not be done.
    hindrance: Any = ""
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
    draft = draft_of(case, request.user)
    way = way_asked(case)
    context: dict[str, Any] = {
        "case": case,
        "feedback": feedback,
        "answers": wording.answers_in_words(feedback),
        "respondent": wording.respondent_in_words(feedback),
        "way": way,
        "acts_first": not case.wants_answer or way == ContactRequest.Way.PHONE,
        "way_in_words": dict(ContactRequest.Way.choices),
        "timeline": wording.timeline_for_staff(messages, str(_("Customer"))),
        **judgement_of(case, feedback),
        "untold": shown.untold_of(case),
        "returned": returned,
        "failed": returned.failed,
        "colleagues": wording.colleagues_in_words(colleagues_at(case, apart_from=request.user, at=at), at=at),
        "draft": draft,
        "to_print": [one for one in messages if one.kind in PRINTED] if not case.is_closed else [],
        "parts": other_parts(case, request.user),
        "linked": linked_cases(case, request.user),
        "why": [label(code) for code in case.why],
        **_deadline(case, at=at, with_reasons=True),
    }
    if not case.is_closed:
        context["reply"] = returned.reply or _begun(draft)
        context["templates"] = templates_for(case, language=feedback.language)
        context["record"] = returned.record or RecordForm()
        context["close"] = returned.close or close_form(case, None)
    return render(request, "handling/case.html", context, status=status)


def in_vain(request: StaffRequest, case_id: int, hindrance: Any) -> HttpResponse:
    """The case as it is now, if it is still theirs, with why nothing could be done and what was written."""
    case = access.get_handled_case_or_404(request.user, case_id)
    returned = Returned(unsent=written(request), hindrance=hindrance)
    return for_handler(request, case, at=timezone.now(), returned=returned, status=409)


def for_manager(request: StaffRequest, case: Case, *, at: datetime) -> HttpResponse:
    """How the case stands. Neither the text nor the reasons found in it are given to this page."""
    context = {
        "case": case,
        "events": wording.events_for_managers(case),
        **_deadline(case, at=at, with_reasons=False),
    }
    return render(request, "handling/case_facts.html", context)


def close_form(case: Case, data: Any) -> CloseForm:
    outcomes = {outcome: not has_record_for(case, outcome) for outcome in outcomes_offered(case)}
    return CloseForm(data, outcomes=outcomes, by_phone=is_answered_on_the_phone(case))


def _begun(draft: Draft | None) -> ReplyForm:
    return ReplyForm(initial={"text": draft.text, "kind": draft.kind} if draft else {})


def _deadline(case: Case, *, at: datetime, with_reasons: bool) -> dict[str, Any]:
    changes = deadline_changes_of(case)
    return {
        "heading": wording.what_is_waited_for(case),
        "left": wording.days_left(case.due_at, at=at) if case.due_at and not case.is_closed else "",
        "is_late": bool(not case.is_closed and case.due_at and case.due_at < at),
        "days": days_in_words(counted_days(case, changes)),
        "changes": changes_in_words(changes, with_reasons=with_reasons),
        "moves": moves_of(case),
    }
