"""What the public pages are made of: public blocks and approved measures, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.db.models import Q
from django.utils.text import slugify

from palauteketju.improvement.handover import PublishedMeasure, published_measures
from palauteketju.insight.handover import PublicFigures, public_figures, units_with_public_figures
from palauteketju.organisation.models import Unit
from palauteketju.organisation.queries import open_units
from palauteketju.organisation.rules import county_rules


@dataclass(frozen=True, slots=True)
class Results:
    """All that may be told of a unit, an area or the county. `least` is how many answers a public figure needs."""

    scope: Unit
    figures: Sequence[PublicFigures]
    measures: Sequence[PublishedMeasure]
    least: int


def results_of(scope: Unit) -> Results:
    return Results(
        scope, public_figures(scope.code), published_measures(scope), county_rules().anonymity.public_k
    )


def all_results(day: date) -> list[Results]:
    """Of the county, its areas and the units open on that day: each of them gets a page."""
    scopes = Unit.objects.open_on(day).select_related("parent").order_by("pk")
    least = county_rules().anonymity.public_k
    return [Results(scope, public_figures(scope.code), [], least) for scope in scopes]


def with_measures(results: Sequence[Results]) -> list[Results]:
    """The same with their measures, whose words are in the language in force. One query for all."""
    measures = published_measures(None)
    return [
        replace(each, measures=[measure for measure in measures if _is_within(measure.unit, each.scope)])
        for each in results
    ]


def _is_within(unit: Unit, scope: Unit) -> bool:
    while unit.pk != scope.pk:
        if unit.parent is None:
            return False
        unit = unit.parent
    return True


def scope_at_address(code: str, *, day: date) -> Unit | None:
    """The county, area or unit at a public address; also one that has closed, but none before it opens. One query."""
    return (
        Unit.objects.filter(Q(active_from__isnull=True) | Q(active_from__lte=day), slug=slugify(code)[:40])
        .select_related("parent")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit in the list of all, and whether it has a public figure."""

    unit: Unit
    has_figures: bool


@dataclass(frozen=True, slots=True)
class Area:
    area: Unit
    units: Sequence[Listed]


def units_by_area(day: date, *, words: str = "", within: Unit | None = None) -> list[Area]:
    """The open units, areas and units each in the alphabetical order of the language in force. Two queries."""
    known = units_with_public_figures()
    area = within.slug if within and within.kind == Unit.Kind.AREA else ""
    return [
        Area(parent, [Listed(unit, unit.code in known) for unit in units])
        for parent, units in groupby(open_units(day, words=words, area=area), key=lambda unit: unit.parent)
        if parent is not None
    ]
