"""A ready-made report on paper."""

from dataclasses import asdict
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from palauteketju.brand import documents
from palauteketju.insight import report_page
from palauteketju.insight.reports import Report
from palauteketju.organisation.look import county_brand

_TEMPLATE = Path(__file__).parent / "templates" / "insight" / "report.typ"


def render(report: Report) -> bytes:
    """A tagged PDF (PDF/UA-1) in the active language; the same blocks give the same bytes."""
    look = documents.look(county_brand(), (translation.get_language() or "fi")[:2])
    words = {
        "statements": _("Statements"),
        "counts": _("What the feedback was"),
        "quotes": _("In the customers' own words"),
        "times": _("How long customers waited"),
        "decisions": _("What has been decided"),
        "responsible": _("Who is responsible"),
        "effect": _("What it changed"),
        "withheld": _("What is not told, and why"),
    }
    page = asdict(report_page.page_of(report))
    for chart in (page["line"], page["statements"], *page["counts"]):
        if chart:
            chart["svg"] = _coloured(str(chart["svg"]), look["colours"], look["font"])
    return documents.render_pdf(_TEMPLATE, {"look": look, "words": words, "page": page})


def _coloured(svg: str, colours: dict[str, str], font: str) -> str:
    """On pages the style sheet colours a chart; a picture in a document brings its own colours."""
    rules = {
        "text": f"font-family:'{font}';font-size:15px;fill:{colours['text']}",
        ".soft": f"font-size:13px;fill:{colours['muted']}",
        ".strong": "font-weight:600",
        ".line": f"fill:none;stroke:{colours['chart']};stroke-width:2.5",
        ".bar,.dot": f"fill:{colours['chart']}",
        ".band": f"fill:{colours['chart_band']}",
        ".whisker": f"stroke:{colours['chart_band']};stroke-width:6",
        ".track": f"fill:{colours['chart_track']}",
        ".grid": f"stroke:{colours['rule']}",
        ".zero": f"stroke:{colours['border']}",
        ".halo": f"stroke:{colours['page']};stroke-width:7",
        ".mark": f"stroke:{colours['chart_mark']};stroke-width:3",
    }
    style = "".join(f"{name}{{{rule}}}" for name, rule in rules.items())
    start = svg.index(">") + 1
    head = svg[:start].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"{head}<style>{style}</style>{svg[start:]}"
