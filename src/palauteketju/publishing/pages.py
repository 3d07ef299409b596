"""What the public site consists of, page by page: the same for the web server and for the published files."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from palauteketju.insight.handover import PublicFigures
from palauteketju.organisation.models import Unit
from palauteketju.publishing import results_page
from palauteketju.publishing.queries import Area, Results

TEMPLATE = "publishing/results.html"
FEED = "/tulokset/syote.xml"


def address_of(scope: Unit) -> str:
    """The county's results are the front page of all results."""
    return "/tulokset/" if scope.kind == Unit.Kind.COUNTY else f"/tulokset/{scope.slug}/"


def data_address_of(scope: Unit) -> str:
    return f"/api/v1/results/{scope.slug}"


def form_address_of(scope: Unit, *, day: date) -> str:
    """Where feedback is given on it; empty for a closed unit."""
    if scope.kind == Unit.Kind.UNIT:
        return f"/p/{scope.slug}/" if scope.is_open_on(day) else ""
    return f"/?alue={scope.slug}" if scope.kind == Unit.Kind.AREA else "/"


def context_of(
    results: Results, *, county: Sequence[PublicFigures], areas: Sequence[Area], today: date, words: str = ""
) -> Mapping[str, Any]:
    """What the template takes, in the active language.

    `county` holds the county's figures to compare with, nothing on its own page; `areas` those listed on the page,
    none on a unit's.
    """
    scope = results.scope
    is_county = scope.kind == Unit.Kind.COUNTY
    units = [listed for area in areas for listed in area.units]
    without = sum(not listed.has_figures for listed in units)
    return {
        "page": results_page.page_of(results, county=county, today=today),
        "scope": scope,
        "is_county": is_county,
        "areas": areas,
        "words": words,
        "units_note": "" if words else results_page.without_figures(len(units), without, results.least),
        "data": data_address_of(scope),
        "form": form_address_of(scope, day=today),
        "feed": FEED if is_county else "",
    }
