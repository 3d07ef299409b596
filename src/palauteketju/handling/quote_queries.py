"""Questions about quotes that pages and the clock ask."""

from django.db.models import QuerySet

from palauteketju.handling.quote_models import Quote
from palauteketju.intake.models import Feedback
from palauteketju.organisation.access import units_of
from palauteketju.organisation.models import Person, Role


def quotes_for(person: Person) -> QuerySet[Quote]:
    """The quotes of the units the person handles, the newest first."""
    units = units_of(person, Role.Kind.HANDLER)
    return Quote.objects.filter(unit__in=units).select_related("unit").order_by("-approved_at", "-pk")


def standing_quote_of(feedback: Feedback) -> Quote | None:
    return Quote.objects.filter(feedback=feedback, withdrawn_at__isnull=True).first()


def units_with_waiting_quotes() -> list[str]:
    waiting = Quote.objects.filter(
        released_at__isnull=True, withdrawn_at__isnull=True, feedback__isnull=False
    )
    return list(waiting.order_by("unit__code").values_list("unit__code", flat=True).distinct())
