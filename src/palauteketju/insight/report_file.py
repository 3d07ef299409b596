"""The weekly report as a file, in the active language; the same blocks give the same bytes."""

import json
from collections.abc import Callable, Mapping

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from palauteketju.insight import pdf, report_page, reports
from palauteketju.insight.reports import WeeklyReport
from palauteketju.organisation.look import county_brand
from palauteketju.ui.stylesheets import staff_css


def as_json(report: WeeklyReport) -> bytes:
    return (json.dumps(reports.as_json(report), ensure_ascii=False, indent=2) + "\n").encode()


def as_html(report: WeeklyReport) -> bytes:
    """One file that needs nothing beside it."""
    language = (translation.get_language() or "fi")[:2]
    context = {
        "report": report_page.page_of(report),
        # Our own style sheet; the brand's colours in it were checked when it was read.
        "style": mark_safe(staff_css(county_brand())),  # noqa: S308 - no word of a user is in it
        "language": language,
        "county": county_brand().name(language),
    }
    return render_to_string("insight/report_file.html", context).encode()


WRITERS: Mapping[str, Callable[[WeeklyReport], bytes]] = {"html": as_html, "json": as_json, "pdf": pdf.render}
