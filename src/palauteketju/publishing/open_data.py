"""The results as open data: the same figures as on the pages, for machines."""

from typing import Any

from palauteketju.insight.handover import PublicFigures, Sum
from palauteketju.publishing.queries import Results


def as_json(results: Results) -> dict[str, Any]:
    """What `GET /api/v1/results/<code>` answers and the published files hold; names in all languages."""
    scope = results.scope
    return {
        "scope": scope.code,
        "kind": scope.kind,
        "name": {"fi": scope.name_fi, "sv": scope.name_sv, "en": scope.name_en},
        "least": results.least,
        "figures": [_figure(figure, results.least) for figure in results.figures],
        "measures": [
            {
                "unit": measure.unit.code,
                "language": measure.language,
                "title": measure.title,
                "responsible": measure.responsible,
                "due": measure.due.isoformat(),
                "text": measure.text,
                "effect": measure.effect,
                "decided_on": measure.decided_on.isoformat(),
                "done_on": measure.done_on.isoformat() if measure.done_on else None,
                "published_on": measure.published_on.isoformat(),
            }
            for measure in results.measures
        ],
    }


def _figure(figure: PublicFigures, least: int) -> dict[str, Any]:
    """`latest` is a unit's newest public block, or an area's or county's last 30 days; `year` twelve calendar months, the running one included."""
    return {
        "stream": figure.stream,
        "latest": _sum(figure, figure.latest, least),
        "year": _sum(figure, figure.year, least),
    }


def _sum(figure: PublicFigures, sum_: Sum, least: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "opened": sum_.opened.isoformat(),
        "closed": sum_.closed.isoformat(),
        "n": sum_.n,
        "counts": dict(sum_.counts),
    }
    value = sum_.value
    # As on the page: no share of the few who took a stand.
    if figure.measure is not None and value is not None and value.base >= least:
        told[figure.measure] = round(value.value, 4)
        told["interval"] = [round(value.low, 4), round(value.high, 4)]
    return told
