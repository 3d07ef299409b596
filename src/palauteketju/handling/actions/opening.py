"""How a case begins: by triage, or because a handler wants one."""

from datetime import datetime
from typing import Any

from django.db import transaction

from palauteketju.audit import log
from palauteketju.handling.actions.prompting import promise_first_prompts
from palauteketju.handling.models import Case, Triage
from palauteketju.handling.triage.verdicts import Verdict, verdict_on
from palauteketju.intake.actions import mark_triaged
from palauteketju.intake.models import Feedback
from palauteketju.organisation.deadlines import county_deadline
from palauteketju.organisation.models import Person


def triage(feedback_id: int, *, at: datetime) -> Case | None:
    """Decide the road of a feedback: its case, the prompts and their jobs are one transaction.

    Again, or by two workers at once, it decides nothing anew and returns the case there is. None: straight to the
    reports, or the feedback is no longer there.
    """
    feedback = Feedback.objects.filter(pk=feedback_id).first()
    if feedback is None:
        return None
    verdict = verdict_on(
        feedback.text,
        language=feedback.language,
        needs_attention=feedback.needs_attention,
        wants_answer=feedback.wants_answer,
    )
    with transaction.atomic():
        # The other worker, if there is one, waits here for this transaction's row and then finds nothing to do.
        if not mark_triaged(feedback):
            return Case.objects.filter(feedback=feedback, split_from=None).first()
        Triage.objects.create(
            feedback=feedback,
            at=at,
            road=verdict.road,
            reasons=verdict.reasons,
            marks=verdict.marks,
            themes=verdict.themes,
            **_sources(verdict),
        )
        if verdict.road == Triage.Road.REPORTS:
            return None
        case = _open(feedback, road=Case.Road(verdict.road), why=verdict.reasons, at=at)
        prompted = promise_first_prompts(case)
        log.record(
            "handling.case.opened",
            by=None,
            subject=case,
            at=at,
            facts={**opening_facts(case, promised=case.due_at), "prompted": prompted},
        )
    return case


def open_case(feedback: Feedback, *, by: Person, at: datetime) -> Case:
    """A case on a feedback that asked for none. Whoever opens second gets the same case."""
    # A feedback still waiting for its road gets that first, or triage would later find the case in its way.
    if case := triage(feedback.pk, at=at):
        return case
    with transaction.atomic():
        Feedback.objects.select_for_update().get(pk=feedback.pk)
        if case := Case.objects.filter(feedback=feedback, split_from=None).first():
            return case
        case = _open(feedback, road=Case.Road.OPENED_BY_HANDLER, why=[], at=at)
        facts = opening_facts(case, promised=None)
        log.record("handling.case.opened", by=by, subject=case, at=at, facts=facts)
    return case


def opening_facts(case: Case, *, promised: datetime | None) -> dict[str, str | int | bool | None]:
    """What figures need of a beginning. They are counted from the trail, so a case changed later changes none of them."""
    return {
        "road": str(case.road),
        "unit": case.unit_id,
        "arrived": case.arrived_at.isoformat(),
        "due": promised.isoformat() if promised else None,
    }


def _sources(verdict: Verdict) -> dict[str, Any]:
    """By which versions it was decided, so that figures of different rules are never compared as one."""
    rules, words = verdict.rules, verdict.words
    return {
        "rules_version": rules and rules.version,
        "own_rules_version": rules and rules.own_version,
        "rules_digest": rules.digest if rules else "",
        "themes_version": words and words.version,
        "own_themes_version": words and words.own_version,
        "themes_digest": words.digest if words else "",
    }


def _open(feedback: Feedback, *, road: Case.Road, why: list[str], at: datetime) -> Case:
    due_at = None
    if road != Case.Road.OPENED_BY_HANDLER:
        promise = "contact" if road == Case.Road.CONTACT else "urgent"
        due_at = county_deadline(feedback.arrived_at, road=promise).due
    return Case.objects.create(
        feedback=feedback,
        unit_id=feedback.unit_id,
        road=road,
        why=why,
        arrived_at=feedback.arrived_at,
        opened_at=at,
        due_at=due_at,
    )
