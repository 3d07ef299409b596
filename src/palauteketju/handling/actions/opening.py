"""How a case begins: by triage, or because a handler wants one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from palauteketju.audit import log
from palauteketju.handling.actions.prompting import promise_first_prompts
from palauteketju.handling.models import Case, Triage
from palauteketju.handling.triage.verdicts import Verdict, verdict_on
from palauteketju.intake.actions import take_untriaged
from palauteketju.intake.models import Feedback
from palauteketju.organisation.deadlines import county_deadline
from palauteketju.organisation.models import Person

# How many roads one transaction decides: more would save little, and keep its rows and the trail locked for longer.
MOST_AT_ONCE: Final = 25
YOUNG: Final = timedelta(minutes=1)


def triage(feedback_id: int, *, at: datetime) -> Case | None:
    """Decide the road of a feedback: its case, the prompts and their jobs are one transaction.

    Again, or by two workers at once, it decides nothing anew and returns the case there is. None: straight to the
    reports, or the feedback is no longer there.
    """
    with transaction.atomic():
        _decide(take_untriaged([feedback_id], waits=True), at=at)
    return Case.objects.filter(feedback=feedback_id, split_from=None).first()


def triage_waiting(feedback_id: int, *, at: datetime) -> int:
    """Decide the road of a feedback and of the oldest others that came within a minute, at most `MOST_AT_ONCE`; how many.

    When many come at once each costs a fraction of what it costs alone, and the jobs of the others find nothing to do.
    What has waited longer is left to its own job: something may be wrong with it, and nobody is to wait for that.
    """
    with transaction.atomic():
        taken = take_untriaged([feedback_id], waits=True)
        if taken:
            young = Feedback.objects.filter(triage_due=True, recorded_at__gt=at - YOUNG)
            others = young.order_by("recorded_at").values_list("pk", flat=True)[: MOST_AT_ONCE - 1]
            taken += take_untriaged(others, waits=False)
        _decide(taken, at=at)
    return len(taken)


def _decide(feedbacks: Sequence[Feedback], *, at: datetime) -> None:
    """In the caller's transaction, which has taken them."""
    triages, cases = [], []
    for feedback in feedbacks:
        verdict = verdict_on(
            feedback.text,
            language=feedback.language,
            needs_attention=feedback.needs_attention,
            wants_answer=feedback.wants_answer,
        )
        triages.append(_triage(feedback, verdict, at=at))
        if verdict.road != Triage.Road.REPORTS:
            cases.append(_case(feedback, road=Case.Road(verdict.road), why=verdict.reasons, at=at))
    if not triages:
        return
    Triage.objects.bulk_create(triages)
    Case.objects.bulk_create(cases)
    if not cases:
        return
    prompted = promise_first_prompts(cases, at=at)
    opened = [
        (case, {**opening_facts(case, promised=case.due_at), "prompted": prompted[case.pk]}) for case in cases
    ]
    log.record_each("handling.case.opened", opened, by=None, at=at)


def open_case(feedback: Feedback, *, by: Person, at: datetime) -> Case:
    """A case on a feedback that asked for none. Whoever opens second gets the same case."""
    # A feedback still waiting for its road gets that first, or triage would later find the case in its way.
    if case := triage(feedback.pk, at=at):
        return case
    with transaction.atomic():
        Feedback.objects.select_for_update().get(pk=feedback.pk)
        if case := Case.objects.filter(feedback=feedback, split_from=None).first():
            return case
        case = _case(feedback, road=Case.Road.OPENED_BY_HANDLER, why=[], at=at)
        case.save()
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


def _triage(feedback: Feedback, verdict: Verdict, *, at: datetime) -> Triage:
    return Triage(
        feedback=feedback,
        at=at,
        road=verdict.road,
        reasons=verdict.reasons,
        marks=verdict.marks,
        themes=verdict.themes,
        **_sources(verdict),
    )


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


def _case(feedback: Feedback, *, road: Case.Road, why: list[str], at: datetime) -> Case:
    due_at = None
    if road != Case.Road.OPENED_BY_HANDLER:
        promise = "contact" if road == Case.Road.CONTACT else "urgent"
        due_at = county_deadline(feedback.arrived_at, road=promise).due
    return Case(
        feedback=feedback,
        unit_id=feedback.unit_id,
        road=road,
        channel=feedback.channel,
        why=why,
        arrived_at=feedback.arrived_at,
        opened_at=at,
        due_at=due_at,
    )
