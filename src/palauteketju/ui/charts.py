"""Charts as SVG, drawn on the server: few kinds, labels where the eye is, honest scales and intervals.

Every function is pure: the same numbers give the same text. Texts come formatted in the reader's language and are
escaped here. Colours and letter sizes belong to the style sheet (customer.css, `.chart`), so a chart follows the
brand and dark mode. The same numbers belong beside each chart as a table: `ui/parts/chart.html`.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH = 360  # units of the drawing: on a phone about one px each, so that 15 px text stays 15 px
_GAP = 20  # between two small charts
_NOTHING = SafeString("")


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a line. Without a value (too few answers) the line has a gap there."""

    label: str  # "vko 45"
    value: float | None
    text: str = ""  # the value as it is read: "+42"
    low: float | None = None  # ends of the interval
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. Without a value only its text is shown: it says why ("alle 5 vastausta")."""

    label: str
    value: float | None
    text: str
    mark: float | None = None  # the county's value, a tick on the bar
    low: float | None = None  # ends of the interval, a thin line under the bar
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the scale, with its text."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One of several small lines that share their scale."""

    label: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a line is drawn: `left` to `right` across, `top` (the scale's high end) to `bottom` down."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    count: int

    def x(self, index: int) -> float:
        if self.count == 1:
            return (self.left + self.right) / 2
        return self.left + (self.right - self.left) * index / (self.count - 1)

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return self.bottom - (self.bottom - self.top) * (inside - self.low) / (self.high - self.low)


NPS_SCALE = (Tick(-100, "−100"), Tick(-50, "−50"), Tick(0, "0"), Tick(50, "50"), Tick(100, "100"))


def line_with_band(
    points: Sequence[Point],
    *,
    title: str,
    description: str,
    scale: Sequence[Tick] = NPS_SCALE,
    name: str = "",
) -> SafeString:
    """A line over time with its interval as a band; the last value is written beside its point.

    `scale` runs from the lowest to the highest value that can be drawn and is never fitted to the data: a small
    change looks small. Empty when no point has a value: say that in words instead. `name` keeps the ids of two
    equal charts on one page apart.
    """
    if not any(point.value is not None for point in points):
        return _NOTHING
    height = 232
    frame = _Frame(46, WIDTH - 56, 14, height - 34, scale[0].value, scale[-1].value, len(points))
    parts = [
        *(_scale_line(frame, tick) for tick in scale),
        *_line(points, frame),
        *_last_value(points, frame),
        *_dates(points, frame, height - 8),
    ]
    return _svg(parts, height=height, title=title, description=description, name=name)


def horizontal_bars(
    rows: Sequence[Bar],
    *,
    title: str,
    description: str,
    mark: str | None = None,
    full: float = 100,
    name: str = "",
) -> SafeString:
    """Bars from zero to `full`, each under its own words, with the county's value as a tick.

    `mark` is what the tick is called ("Koko hyvinvointialue"): it is written once, where the first tick stands.
    """
    parts: list[SafeString] = []
    top = 0.0
    is_mark_named = mark is None
    for row in rows:
        top = _bar_label(parts, row, top)
        if row.value is not None:
            is_first_mark = row.mark is not None and not is_mark_named
            top = _bar(parts, row, top, full, (mark or "") if is_first_mark else "")
            is_mark_named = is_mark_named or is_first_mark
        top += 16
    return _svg(parts, height=max(top - 8, 1), title=title, description=description, name=name)


def small_multiples(
    panels: Sequence[Panel],
    *,
    title: str,
    description: str,
    scale: Sequence[Tick] = (Tick(0, "0"), Tick(50, "50"), Tick(100, "100")),
    missing: str = "–",
    name: str = "",
) -> SafeString:
    """Small lines two abreast on one common scale, each with its name and last value.

    A panel without any value says `missing` in words.
    """
    parts: list[SafeString] = []
    width = (WIDTH - _GAP) / 2
    top = 0.0
    for pair in (panels[start : start + 2] for start in range(0, len(panels), 2)):
        labels = [textwrap.wrap(panel.label, 23) for panel in pair]
        plot = top + 16 * max(len(lines) for lines in labels) + 12
        for column, (panel, lines) in enumerate(zip(pair, labels, strict=True)):
            left = column * (width + _GAP)
            parts += [_text(left, top + 14 + 16 * i, line, "soft") for i, line in enumerate(lines)]
            ends = scale[0].value, scale[-1].value
            frame = _Frame(left + 4, left + width - 60, plot, plot + 68, *ends, len(panel.points))
            parts += _small_line(panel, frame, scale, missing)
        top = plot + 68 + 22
    return _svg(parts, height=max(top - 12, 1), title=title, description=description, name=name)


def described(rows: Sequence[Sequence[str]]) -> str:
    """A chart's rows in one sentence, for who cannot see it: what each is, and its figure."""
    return "; ".join(f"{row[0].rstrip('.')}: {row[1]}" for row in rows) + "."


def _small_line(panel: Panel, frame: _Frame, scale: Sequence[Tick], missing: str) -> Iterable[SafeString]:
    if not _runs(panel.points):
        yield _text(frame.left - 4, (frame.top + frame.bottom) / 2, missing, "soft")
        return
    for tick in scale:
        yield _rule(frame.left - 4, frame.right + 4, frame.y(tick.value), tick.value == 0)
    yield from _line(panel.points, frame)
    yield from _last_value(panel.points, frame)


def _svg(
    parts: Iterable[SafeString], *, height: float, title: str, description: str, name: str
) -> SafeString:
    body = SafeString("".join(parts))
    key = sha256(f"{name}\n{title}\n{description}\n{body}".encode()).hexdigest()[:10]
    return format_html(
        '<svg class="chart" role="img" viewBox="0 0 {0} {1}" aria-labelledby="c{2}t c{2}d">'
        '<title id="c{2}t">{3}</title><desc id="c{2}d">{4}</desc>{5}</svg>',
        WIDTH,
        _n(height),
        key,
        title,
        description,
        body,
    )


def _line(points: Sequence[Point], frame: _Frame) -> Iterable[SafeString]:
    """Bands first, then lines, then dots: what matters most lies on top. A point without a value leaves a gap."""
    runs = _runs(points)
    for run in runs:
        yield _band(run, frame)
    for run in runs:
        path = " ".join(_at(frame, index, value) for index, value, _ in run)
        yield format_html('<polyline class="line" points="{}"/>', path)
    for index, value, _ in chain.from_iterable(runs):
        yield format_html(
            '<circle class="dot" cx="{}" cy="{}" r="3"/>', _n(frame.x(index)), _n(frame.y(value))
        )


def _runs(points: Sequence[Point]) -> list[list[tuple[int, float, Point]]]:
    """The stretches of the line without a gap, each point with its place and value."""
    runs: list[list[tuple[int, float, Point]]] = [[]]
    for index, point in enumerate(points):
        if point.value is not None:
            runs[-1].append((index, point.value, point))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _band(run: Sequence[tuple[int, float, Point]], frame: _Frame) -> SafeString:
    """The interval around one stretch; a point that stands alone gets an upright stroke."""
    ends = [(i, p.low, p.high) for i, _, p in run if p.low is not None and p.high is not None]
    if not ends:
        return _NOTHING
    if len(ends) == 1:
        index, low, high = ends[0]
        x = _n(frame.x(index))
        return format_html(
            '<line class="whisker" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
            x,
            _n(frame.y(low)),
            _n(frame.y(high)),
        )
    edge = [_at(frame, i, high) for i, _, high in ends] + [_at(frame, i, low) for i, low, _ in reversed(ends)]
    return format_html('<polygon class="band" points="{}"/>', " ".join(edge))


def _last_value(points: Sequence[Point], frame: _Frame) -> Iterable[SafeString]:
    index, value, point = _runs(points)[-1][-1]
    yield _text(frame.x(index) + 9, frame.y(value) + 5, point.text, "strong")


def _dates(points: Sequence[Point], frame: _Frame, y: float) -> Iterable[SafeString]:
    """About four labels below the line, the last one always among them."""
    step = -(-len(points) // 4)
    for index, point in enumerate(points):
        if (len(points) - 1 - index) % step == 0:
            yield _text(frame.x(index), y, point.label, "soft", anchor="middle")


def _scale_line(frame: _Frame, tick: Tick) -> SafeString:
    y = frame.y(tick.value)
    rule = _rule(frame.left, frame.right, y, tick.value == 0)
    return SafeString(rule + _text(frame.left - 7, y + 4.5, tick.text, "soft", anchor="end"))


def _rule(left: float, right: float, y: float, is_zero: bool) -> SafeString:
    return format_html(
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        "zero" if is_zero else "grid",
        _n(left),
        _n(right),
        _n(y),
        _n(y),
    )


def _bar_label(parts: list[SafeString], row: Bar, top: float) -> float:
    """The words on the left, the value on the right of their last line; returns where the bar begins."""
    lines = textwrap.wrap(row.label, 38) or [""]
    for i, line in enumerate(lines):
        parts.append(_text(0, top + 15 + 19 * i, line))
    bottom = top + 15 + 19 * (len(lines) - 1)
    if row.value is None:
        # Why there is no figure is a sentence: it gets a line of its own.
        bottom += 19
        parts.append(_text(0, bottom, row.text, "soft"))
    else:
        parts.append(_text(WIDTH, bottom, row.text, "strong", anchor="end"))
    return bottom + 8


def _bar(parts: list[SafeString], row: Bar, top: float, full: float, mark: str) -> float:
    """The bar on its track, with the county's tick; returns where it ends."""
    length = WIDTH * min(max((row.value or 0) / full, 0), 1)
    shape = '<rect class="{}" x="0" y="{}" width="{}" height="14"/>'
    parts.append(format_html(shape, "track", _n(top), WIDTH))
    parts.append(format_html(shape, "bar", _n(top), _n(length)))
    bottom = top + 14
    if row.low is not None and row.high is not None:
        ends = [WIDTH * min(max(end / full, 0), 1) for end in (row.low, row.high)]
        bottom = top + 20
        reach = '<path class="reach" d="M{0} {2}V{3}M{0} {4}H{1}M{1} {2}V{3}"/>'
        parts.append(format_html(reach, _n(ends[0]), _n(ends[1]), _n(top + 17), _n(top + 23), _n(bottom)))
    if row.mark is None:
        return bottom
    x = WIDTH * min(max(row.mark / full, 0), 1)
    tick = '<line class="{0}" x1="{1}" x2="{1}" y1="{2}" y2="{3}"/>'
    parts += [format_html(tick, kind, _n(x), _n(top - 3), _n(top + 17)) for kind in ("halo", "mark")]
    if not mark:
        return max(top + 17, bottom)
    parts.append(_text(x, bottom + 17, mark, "soft", anchor="end" if x > WIDTH / 2 else "start"))
    return bottom + 20


def _text(x: float, y: float, text: str, kind: str = "", *, anchor: str = "start") -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>',
        _n(x),
        _n(y),
        anchor,
        kind or "plain",
        text,
    )


def _at(frame: _Frame, index: int, value: float) -> str:
    return f"{_n(frame.x(index))},{_n(frame.y(value))}"


def _n(number: float) -> str:
    """A coordinate to a tenth, without needless zeros: the same drawing is the same text."""
    return f"{round(number, 1):g}"
