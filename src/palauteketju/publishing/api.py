"""`GET /api/v1/results/<code>`: the public figures and measures as open data."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema

from palauteketju.organisation.problems import Problem
from palauteketju.publishing import open_data, queries

router = Router(tags=["results"])


class Figure(Schema):
    """A sum of whole blocks. `nps` (-100 to 100) or `favourable` (0 to 1) only where enough took a stand."""

    opened: date
    closed: date
    n: int
    counts: dict[str, int]
    nps: float | None = None
    favourable: float | None = None
    interval: tuple[float, float] | None = None


class StreamFigures(Schema):
    """`latest`: a unit's newest block, or the last 30 days of an area or county; `year`: the last twelve months."""

    stream: str
    latest: Figure
    year: Figure


class PublicMeasure(Schema):
    """`language` is that of its texts, which are as the unit wrote them."""

    unit: str
    language: str
    title: str
    responsible: str
    due: date
    text: str
    effect: str
    decided_on: date
    done_on: date | None
    published_on: date


class ResultsOut(Schema):
    """`least`: so many answers a figure needs before it is shown."""

    scope: str
    kind: str
    name: dict[str, str]
    least: int
    figures: list[StreamFigures]
    measures: list[PublicMeasure]


@router.get(
    "results/{code}",
    response=ResultsOut,
    exclude_unset=True,
    summary="Public results of the county, an area or a unit",
    operation_id="results",
)
def results(request: HttpRequest, code: str) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it by this name
    """Open to all, without a key. `code` is a code as in the organisation, or as in an address."""
    scope = queries.scope_at_address(code, day=timezone.localdate())
    if scope is None:
        raise Problem(HTTPStatus.NOT_FOUND, _("There is no such unit."))
    return open_data.as_json(queries.results_of(scope))
