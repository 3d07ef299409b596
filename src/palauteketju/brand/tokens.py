"""The brand: one file that says what the county is called and how everything it sends out looks."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from palauteketju.brand.contrast import contrast
from palauteketju.brand.svg import Svg, checked_svg

DEFAULT = Path(__file__).with_name("brand.toml")
LANGUAGES = ("fi", "sv", "en")

# WCAG 2.1, 1.4.3: text. The first colour is written on the second.
TEXT_RATIO = 4.5
TEXT_PAIRS = (
    ("text", "page"),
    ("text", "surface"),
    ("text", "primary_soft"),
    ("text", "danger_soft"),
    ("text", "warning_soft"),
    ("text", "success_soft"),
    ("muted", "page"),
    ("muted", "surface"),
    ("link", "page"),
    ("link", "surface"),
    ("link", "primary_soft"),
    ("on_primary", "primary"),
    ("on_primary", "primary_strong"),
    ("on_bar", "bar"),
    ("danger", "page"),
    ("danger", "surface"),
    ("danger", "danger_soft"),
    ("warning", "page"),
    ("warning", "warning_soft"),
    ("success", "page"),
    ("success", "success_soft"),
)

# WCAG 2.1, 1.4.11: what one must see to use or read the page.
SEEN_RATIO = 3.0
SEEN_PAIRS = (
    ("border", "page"),
    ("border", "surface"),
    ("primary", "page"),
    ("primary", "surface"),
    ("primary", "primary_soft"),
    ("focus", "page"),
    ("focus", "surface"),
    ("accent", "bar"),
    ("chart", "page"),
    ("chart", "surface"),
    ("chart", "chart_band"),
    ("chart", "chart_track"),
    ("chart_mark", "page"),
    ("chart_mark", "chart_track"),
)


class BadBrand(ValueError):
    """The brand file cannot be used; the message has one line for each thing to mend."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode, each #rrggbb. What each is for stands beside it in brand.toml."""

    page: str
    surface: str
    text: str
    muted: str
    rule: str
    border: str
    primary: str
    primary_strong: str
    on_primary: str
    primary_soft: str
    link: str
    focus: str
    accent: str
    bar: str
    on_bar: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    chart: str
    chart_band: str
    chart_track: str
    chart_mark: str


@dataclass(frozen=True, slots=True)
class Fonts:
    page: str  # a CSS font-family list
    print: str  # the family's name in the PDF fonts


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes in px at the reader's ordinary text size."""

    radius: int
    space: tuple[int, ...]
    text: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Brand:
    """What a county looks like. Colours and sizes have been checked when one of these exists."""

    names: Mapping[str, str]
    short_names: Mapping[str, str]
    promises: Mapping[str, str]
    web_address: str
    logo: Svg = field(repr=False)
    fonts: Fonts
    shape: Shape
    light: Palette
    dark: Palette

    def name(self, language: str) -> str:
        """The county's name; in Finnish when the language is not one of ours."""
        return _in_language(self.names, language)

    def short_name(self, language: str) -> str:
        return _in_language(self.short_names, language)

    def promise(self, language: str) -> str:
        return _in_language(self.promises, language)

    @property
    def icon(self) -> str:
        """The logo as a data address, so that a browser's icon costs no request."""
        return "data:image/svg+xml," + quote(self.logo, safe=" =:/'(),;-")


def load(path: Path | None = None) -> Brand:
    """Read a brand file, the default county's when none is named. Raises BadBrand with all its faults at once."""
    path = path or DEFAULT
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadBrand(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadBrand(f"{path}: is not TOML: {error}") from error

    faults = list(_faults(data))
    if not faults:
        try:
            brand = _built(data, path.parent)
        except ValueError as error:
            faults = [str(error)]
        else:
            faults = [*_unseen("light", brand.light), *_unseen("dark", brand.dark)]
    if faults:
        raise BadBrand("\n".join(f"{path}: {fault}" for fault in faults))
    return brand


def _built(data: Mapping[str, Any], folder: Path) -> Brand:
    return Brand(
        names=MappingProxyType(dict(data["names"])),
        short_names=MappingProxyType(dict(data["short_names"])),
        promises=MappingProxyType(dict(data["promises"])),
        web_address=data["web_address"].rstrip("/"),
        logo=_logo(folder / data["logo"]),
        fonts=Fonts(**data["fonts"]),
        shape=Shape(
            radius=data["shape"]["radius"],
            space=tuple(data["shape"]["space"]),
            text=tuple(data["shape"]["text"]),
        ),
        light=Palette(**data["colours"]["light"]),
        dark=Palette(**data["colours"]["dark"]),
    )


def _logo(path: Path) -> Svg:
    try:
        return checked_svg(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"logo: {path.name} cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ValueError(f"logo: {path.name} {error}") from error


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language[:2], texts["fi"])


# What the values go into decides what they may contain: a style sheet, where a brace would end the rule.
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_FONT = re.compile(r"[\w ,\"'.-]+")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_LOGO = re.compile(r"[\w.-]+\.svg")


def _faults(data: Mapping[str, Any]) -> Iterator[str]:
    """Everything missing, unknown or of the wrong form, in the order of the file."""
    known = {"web_address", "logo", "names", "short_names", "promises", "fonts", "shape", "colours"}
    yield from (f"{key} is not known" for key in data if key not in known)
    yield from _text_fault(data, "web_address", _ADDRESS, "an address such as https://palaute.example.fi")
    yield from _text_fault(data, "logo", _LOGO, "the name of an .svg file beside this one")
    for table in ("names", "short_names", "promises"):
        texts = _table(data, table)
        for language in LANGUAGES:
            text = texts.get(language)
            if not isinstance(text, str) or not text.strip():
                yield f"{table}.{language} is missing"
        yield from (
            f"{table}.{key} is not one of {', '.join(LANGUAGES)}" for key in texts if key not in LANGUAGES
        )
    yield from _shape_faults(_table(data, "shape"))
    yield from _set_faults(_table(data, "fonts"), "fonts", Fonts, _FONT, "a font's name")
    for mode in ("light", "dark"):
        colours = _table(_table(data, "colours"), mode)
        yield from _set_faults(colours, f"colours.{mode}", Palette, _COLOUR, "a colour such as #0b5563")


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = data.get(key)
    return table if isinstance(table, dict) else {}


def _text_fault(data: Mapping[str, Any], key: str, form: re.Pattern[str], wanted: str) -> Iterator[str]:
    value = data.get(key)
    if not isinstance(value, str) or not form.fullmatch(value):
        yield f"{key} must be {wanted}" + (f", not {value!r}" if value is not None else "; it is missing")


def _set_faults(
    data: Mapping[str, Any], where: str, kind: type[Palette | Fonts], form: re.Pattern[str], wanted: str
) -> Iterator[str]:
    names = [each.name for each in fields(kind)]
    for name in names:
        yield from (f"{where}: {fault}" for fault in _text_fault(data, name, form, wanted))
    yield from (f"{where}: {key} is not known" for key in data if key not in names)


def _shape_faults(data: Mapping[str, Any]) -> Iterator[str]:
    if not _is_whole(data.get("radius"), 0, 24):
        yield "shape: radius must be a whole number of px from 0 to 24"
    for key, count in (("space", 8), ("text", 6)):
        steps = data.get(key)
        if not (
            isinstance(steps, list)
            and len(steps) == count
            and all(_is_whole(step, 1, 200) for step in steps)
            and steps == sorted(set(steps))
        ):
            yield f"shape: {key} must be {count} growing whole numbers of px"
        elif key == "text" and (steps[0] < 14 or steps[1] < 16):
            yield "shape: text must begin with at least 14 and 16 px, or it cannot be read"
    yield from (f"shape: {key} is not known" for key in data if key not in {"radius", "space", "text"})


def _is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _unseen(mode: str, palette: Palette) -> Iterator[str]:
    for pairs, least in ((TEXT_PAIRS, TEXT_RATIO), (SEEN_PAIRS, SEEN_RATIO)):
        for front, back in pairs:
            colour, ground = getattr(palette, front), getattr(palette, back)
            ratio = contrast(colour, ground)
            if ratio < least:
                yield (
                    f"colours.{mode}: {front} {colour} on {back} {ground} has a contrast of {ratio:.2f}; "
                    f"at least {least} is needed"
                )
