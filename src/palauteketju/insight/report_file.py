"""A ready-made report as a file, in the active language; the same blocks give the same bytes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from palauteketju.insight import pdf, report_page, reports, spreadsheet
from palauteketju.insight.reports import Report
from palauteketju.organisation.look import county_brand
from palauteketju.ui.stylesheets import staff_css


@dataclass(frozen=True, slots=True)
class Format:
    write: Callable[[Report], bytes]
    media_type: str


def as_json(report: Report) -> bytes:
    return (json.dumps(reports.as_json(report), ensure_ascii=False, indent=2) + "\n").encode()


def as_html(report: Report) -> bytes:
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


def file_name(report: Report, name: str) -> str:
    return f"{report.scope.slug}-{report.period}.{name}"


FORMATS: Mapping[str, Format] = {
    "html": Format(as_html, "text/html; charset=utf-8"),
    "json": Format(as_json, "application/json"),
    "pdf": Format(pdf.render, "application/pdf"),
    "xlsx": Format(spreadsheet.render, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
