"""Quotes: approved here, handed to the reports by the clock, and taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from palauteketju.audit import log
from palauteketju.handling.errors import QuoteAlreadyChosen
from palauteketju.handling.models import Quote
from palauteketju.intake.models import Feedback
from palauteketju.organisation.models import Person


def approve_quote(feedback: Feedback, *, text: str, kind: str, by: Person, at: datetime) -> Quote:
    """From now on the text waits for its block; then the reports show it. Raises QuoteAlreadyChosen.

    The caller has checked that it is an excerpt without what could tell who somebody is (excerpts.review).
    """
    try:
        with transaction.atomic():
            quote = Quote.objects.create(
                feedback=feedback, unit=feedback.unit, kind=kind, text=text, approved_by=by, approved_at=at
            )
            facts: dict[str, str | int | bool | None] = {"feedback": feedback.pk, "kind": kind}
            log.record("handling.quote.approved", by=by, subject=quote, at=at, facts=facts)
    except IntegrityError as error:
        standing = Quote.objects.filter(feedback=feedback, withdrawn_at__isnull=True).first()
        if standing is None:
            raise
        if (standing.text, standing.kind, standing.approved_by_id) == (text, kind, by.pk):
            # The second press of the button that chose it.
            return standing
        raise QuoteAlreadyChosen from error
    return quote


def withdraw_quote(quote: Quote, *, by: Person, at: datetime) -> None:
    """It is not released any more, or leaves the reports with the next tick. Again, it changes nothing."""
    with transaction.atomic():
        quote = Quote.objects.select_for_update().get(pk=quote.pk)
        if quote.is_withdrawn:
            return
        quote.withdrawn_at = at
        quote.save(update_fields=["withdrawn_at"])
        log.record("handling.quote.withdrawn", by=by, subject=quote, at=at)


def hand_over_quotes(
    windows: Mapping[str, Sequence[tuple[datetime, datetime]]], *, at: datetime
) -> list[Quote]:
    """The approved quotes of each unit whose feedback was recorded in one of its windows, each handed over once.

    The caller stores its copies in the same transaction.
    """
    handed: list[Quote] = []
    for code, of_unit in windows.items():
        waiting = Quote.objects.select_for_update(of=("self",)).filter(
            unit__code=code,
            released_at__isnull=True,
            withdrawn_at__isnull=True,
            feedback__isnull=False,
        )
        handed += [
            quote
            for quote in waiting.select_related("unit").annotate(recorded_at=F("feedback__recorded_at"))
            if any(after < quote.recorded_at <= until for after, until in of_unit)
        ]
    Quote.objects.filter(pk__in=[quote.pk for quote in handed]).update(released_at=at)
    return handed


def take_back_quotes() -> list[Quote]:
    """The quotes the reports have to forget: withdrawn, or their feedback was deleted. Each is given once."""
    gone = Q(withdrawn_at__isnull=False) | Q(feedback__isnull=True)
    leaving = Quote.objects.select_for_update(of=("self",)).filter(gone, released_at__isnull=False)
    taken = list(leaving.select_related("unit"))
    Quote.objects.filter(pk__in=[quote.pk for quote in taken]).update(released_at=None)
    Quote.objects.filter(feedback__isnull=True, released_at__isnull=True).delete()
    return taken
