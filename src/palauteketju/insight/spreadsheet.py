"""A ready-made report as a spreadsheet: the figures as numbers, each sheet one table with a header row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Literal

from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from palauteketju.insight import report_charts, report_page, streams
from palauteketju.insight.effects import Effect
from palauteketju.insight.figures import Value
from palauteketju.insight.period_words import period_in_words, starting
from palauteketju.insight.reports import Figure, Report
from palauteketju.organisation.look import county_brand

Shape = Literal["text", "whole", "index", "share", "day"]
Cell = str | int | float | date | None
# How a number looks; the number itself is whole.
_LOOKS: dict[str, dict[str, object]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "whole": {"num_format": "#,##0", "valign": "top"},
    "index": {"num_format": "+0;-0;0", "valign": "top"},
    "share": {"num_format": "0%", "valign": "top"},
    "day": {"num_format": "d.m.yyyy", "valign": "top", "align": "left"},
}


@dataclass(frozen=True, slots=True)
class _Column:
    head: str
    shape: Shape = "text"
    width: int = 12


@dataclass(frozen=True, slots=True)
class _Number:
    """A number whose look is its row's, not its column's."""

    value: float | None
    shape: Shape


def render(report: Report) -> bytes:
    """In the active language. What people wrote stays text, whatever it begins with; the same blocks, the same bytes."""
    content = BytesIO()
    language = (translation.get_language() or "fi")[:2]
    page = report_page.page_of(report)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(content, options) as book:
        book.set_properties(
            {
                "title": page.title,
                "author": county_brand().name(language),
                # Otherwise the clock would be in the file.
                "created": datetime.combine(report.period.last, time()),
            }
        )
        looks = {shape: book.add_format(look) for shape, look in _LOOKS.items()}
        sheets: list[tuple[str, list[_Column], list[list[Cell | _Number]]]] = [
            (
                _("Report"),
                [_Column(page.title, width=90)],
                _lines([page.days, *page.sentences]),
            ),
            (_("Figures"), *_figures(report)),
            (_("Answers"), *_answers(report)),
            (_("Course"), *_course(report)),
            (_("Quotes"), *_quotes(report)),
            (_("Answer times"), *_times(report)),
            (_("Measures"), *_measures(report)),
            (_("Not told"), [_Column(page.title, width=90)], _lines(page.withheld)),
        ]
        for name, columns, rows in sheets:
            if rows:
                _write(book.add_worksheet(name), columns, rows, looks)
    return content.getvalue()


def _write(
    sheet: Worksheet,
    columns: Sequence[_Column],
    rows: Sequence[Sequence[Cell | _Number]],
    looks: dict[str, Format],
) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    heads = [{"header": column.head} for column in columns]
    sheet.add_table(
        0,
        0,
        len(rows),
        len(columns) - 1,
        {"columns": heads, "style": "Table Style Light 1", "autofilter": len(columns) > 1},
    )
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for number, row in enumerate(rows, start=1):
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            shape = cell.shape if isinstance(cell, _Number) else column.shape
            value = cell.value if isinstance(cell, _Number) else cell
            if value is None:
                sheet.write_blank(number, place, None, looks[shape])
            elif isinstance(value, str):
                sheet.write_string(number, place, value, looks[shape])
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, looks[shape])
            else:
                sheet.write_number(number, place, value, looks[shape])


def _lines(texts: Iterable[str]) -> list[list[Cell | _Number]]:
    return [[text] for text in texts]


def _figures(report: Report) -> tuple[list[_Column], list[list[Cell | _Number]]]:
    columns = [
        _Column(_("Stream"), width=20),
        _Column(_("Question"), width=60),
        _Column(_("Answers"), "whole"),
        _Column(_("Took a stand"), "whole"),
        _Column(_("Figure")),
        _Column(_("95% interval from")),
        _Column(_("95% interval to")),
        _Column(_("Whole county")),
        _Column(_("Period before")),
        _Column(_("Change"), width=26),
    ]
    rows: list[list[Cell | _Number]] = [
        [
            figure.stream,
            streams.name_of(figure.stream),
            figure.n,
            figure.value.base if figure.value else None,
            *_value(figure, figure.value),
            _number(figure, report.county.get(figure.stream)),
            _number(figure, figure.before),
            report_charts.change(figure) if figure.measure else None,
        ]
        for figure in report.figures
    ]
    return columns, rows


def _answers(report: Report) -> tuple[list[_Column], list[list[Cell | _Number]]]:
    columns = [
        _Column(_("Stream"), width=20),
        _Column(_("Question"), width=60),
        _Column(_("Code")),
        _Column(_("Answer"), width=30),
        _Column(_("Number"), "whole"),
        _Column(_("Share"), "share"),
    ]
    rows: list[list[Cell | _Number]] = [
        [
            figure.stream,
            streams.name_of(figure.stream),
            value,
            streams.name_of_value(figure.stream, value),
            n,
            round(n / figure.n, 6),
        ]
        for figure in report.figures
        for value, n in figure.counts.items()
    ]
    return columns, rows


def _course(report: Report) -> tuple[list[_Column], list[list[Cell | _Number]]]:
    columns = [
        _Column(_("Stream"), width=20),
        _Column(_("Question"), width=60),
        _Column(_("Period"), width=24),
        _Column(_("First day"), "day"),
        _Column(_("Last day"), "day"),
        _Column(_("Answers"), "whole"),
        _Column(_("Figure")),
        _Column(_("95% interval from")),
        _Column(_("95% interval to")),
    ]
    rows: list[list[Cell | _Number]] = [
        [
            figure.stream,
            streams.name_of(figure.stream),
            starting(period_in_words(point.period)),
            point.period.first,
            point.period.last,
            point.n,
            *_value(figure, point.value),
        ]
        for figure in report.figures
        for point in figure.points
        if point.n
    ]
    return columns, rows


def _quotes(report: Report) -> tuple[list[_Column], list[list[Cell | _Number]]]:
    columns = [_Column(_("Kind"), width=20), _Column(_("In the customers' own words"), width=90)]
    return columns, [[streams.name_of_value(streams.KIND, quote.kind), quote.text] for quote in report.quotes]


def _times(report: Report) -> tuple[list[_Column], list[list[Cell | _Number]]]:
    columns = [
        _Column(_("Cases"), "whole"),
        _Column(_("In the promised time"), "whole"),
        _Column(_("First reaction, half, hours"), "whole", 16),
        _Column(_("First reaction, nine of ten, hours"), "whole", 16),
        _Column(_("Answer, half, hours"), "whole", 16),
        _Column(_("Answer, nine of ten, hours"), "whole", 16),
        _Column(_("First month"), "day"),
        _Column(_("Last month"), "day"),
    ]
    times = report.times
    if times is None:
        return columns, []
    row: list[Cell | _Number] = [
        times.cases,
        times.in_time,
        times.reaction_median,
        times.reaction_most,
        times.response_median,
        times.response_most,
        times.first_month,
        times.last_month,
    ]
    return columns, [row]


def _measures(report: Report) -> tuple[list[_Column], list[list[Cell | _Number]]]:
    columns = [
        _Column(_("Unit"), width=30),
        _Column(_("Measure"), width=50),
        _Column(_("What the feedback was about"), width=24),
        _Column(_("Who is responsible"), width=24),
        _Column(_("Recorded"), "day"),
        _Column(_("Done by"), "day"),
        _Column(_("Finished"), "day"),
        _Column(_("What it changed"), width=60),
        _Column(_("Figure"), width=24),
        _Column(_("Before it was decided")),
        _Column(_("Answers before"), "whole"),
        _Column(_("After it was done")),
        _Column(_("Answers after"), "whole"),
        _Column(_("Change"), width=26),
    ]
    rows: list[list[Cell | _Number]] = [
        [
            decision.unit.name,
            decision.title,
            report_page.subject_of(decision),
            decision.responsible,
            decision.decided_on,
            decision.due,
            decision.done_on,
            decision.effect,
            *_effect(decision.change),
        ]
        for decision in report.decisions
    ]
    return columns, rows


def _effect(effect: Effect | None) -> Iterable[Cell | _Number]:
    if effect is None:
        return [None] * 6
    shape: Shape = "share" if effect.measure == "favourable" else "index"
    return [
        streams.short_name_of(effect.stream),
        _Number(round(effect.before.value, 6), shape),
        effect.before.base,
        _Number(round(effect.after.value, 6), shape),
        effect.after.base,
        report_page.difference_in_words(effect),
    ]


def _value(figure: Figure, value: Value | None) -> Iterable[_Number]:
    for number in (value.value, value.low, value.high) if value else (None, None, None):
        yield _Number(None if number is None else round(number, 6), _shape(figure))


def _number(figure: Figure, value: Value | None) -> _Number:
    return _Number(round(value.value, 6) if value else None, _shape(figure))


def _shape(figure: Figure) -> Shape:
    return "share" if figure.measure == "favourable" else "index"
