"""A logo that is safe to place inside a page: drawing only, nothing that runs, loads or styles."""

from html.parser import HTMLParser

SIZE_LIMIT = 16_000  # bytes: the logo is a part of every page

_ELEMENTS = frozenset(
    {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "title"}
)
_GEOMETRY = frozenset(
    {"d", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "y1", "x2", "y2", "points", "transform"}
)
_PAINT = frozenset(
    {"color", "fill", "fill-rule", "clip-rule", "fill-opacity", "opacity", "stroke", "stroke-width"}
)
_LINES = frozenset(
    {"stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-opacity"}
)
_ATTRIBUTES = frozenset({"xmlns", "viewbox", "width", "height"}) | _GEOMETRY | _PAINT | _LINES


class Svg(str):
    """SVG text that has been checked; templates may show it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def checked_svg(text: str) -> Svg:
    """Return the drawing without a prologue or comments; ValueError says what it may not contain."""
    if len(text.encode()) > SIZE_LIMIT:
        raise ValueError(f"is larger than {SIZE_LIMIT} bytes")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if reader.fault:
        raise ValueError(reader.fault)
    start, end = text.find("<svg"), text.rfind("</svg>")
    if start < 0 or end < start:
        raise ValueError("is not an SVG picture")
    return Svg(" ".join(text[start : end + len("</svg>")].split()).replace("> <", "><"))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fault = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ELEMENTS:
            self._refuse(
                f"contains <{tag}>: use shapes only (paths for text; no styles, scripts or pictures)"
            )
        if tag == "svg" and "viewbox" not in dict(attrs):
            self._refuse("has no viewBox, so it cannot be scaled")
        for name, value in attrs:
            if name not in _ATTRIBUTES or "url(" in (value or ""):
                self._refuse(
                    f'contains the attribute {name}="{value}" on <{tag}>: only shapes and plain colours'
                )

    def handle_decl(self, decl: str) -> None:
        self._refuse(f"contains <!{decl}>: leave the document type out")

    def unknown_decl(self, data: str) -> None:
        self._refuse(f"contains <![{data}]>: leave it out")

    def handle_comment(self, data: str) -> None:
        self._refuse(f"contains the comment {data.strip()!r}: leave it out")

    def _refuse(self, fault: str) -> None:
        self.fault = self.fault or fault
