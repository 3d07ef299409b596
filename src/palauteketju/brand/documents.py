"""PDFs and pictures from typst templates: in the brand's look, readable by a screen reader, the same bytes every time.

A template is a `.typ` file beside the step that owns it. It reads its data with
`#let data = json(bytes(sys.inputs.data))`; texts arrive as texts and can never become markup. Vector pictures travel
as SVG text: `image(bytes(data.code), format: "svg", alt: …)`.
"""

import json
import struct
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from palauteketju.brand.tokens import Brand

FONTS = Path(__file__).with_name("fonts")

# In place of a word whose letters no font of ours has.
LOST = "□"
# Drawn as nothing: emoji are joined with them, and PDF/UA refuses the last.
_UNSEEN = frozenset(map(ord, "\u200d\ufe0e\ufe0f\ufeff"))


def render_pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """A tagged PDF after PDF/UA-1, with its fonts inside and without a date of making: the same data, the same bytes.

    The template must set the document's title and language and give each picture its text. Raises typst.TypstError,
    which says what the template lacks.
    """
    return _compiled(template, data, format="pdf", pdf_standards="ua-1")


def render_png(template: Path, data: Mapping[str, Any], *, ppi: float = 144) -> bytes:
    """The template's only page as a picture, `ppi` / 72 pixels a point. Raises typst.TypstError."""
    return _compiled(template, data, format="png", ppi=ppi)


def look(brand: Brand, language: str) -> dict[str, Any]:
    """What every template needs of the brand, for the key `look` of its data."""
    colours = brand.light
    return {
        "language": language,
        "county": brand.name(language),
        "short": brand.short_name(language),
        "promise": brand.promise(language),
        "logo": str(brand.logo),
        "font": brand.fonts.print,
        "radius": brand.shape.radius,
        "colours": {name: getattr(colours, name) for name in colours.__slots__},
    }


def printable(text: str) -> str:
    """The text as our fonts can draw it: PDF/UA refuses a character that no font has.

    Words in letters we do not have stand as `LOST`, so that nobody takes the rest for the whole. Emoji and what else is no letter
    goes without a trace: "Neuvola 😀" is "Neuvola" on paper. Line breaks stay; the gap a character leaves does not.
    """
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() and composed.replace("\n", " ").isprintable():
        return composed
    # A chart has thousands of letters, but few different ones.
    if _drawable().issuperset(map(ord, set(composed) - {"\n"})):
        return composed
    return "\n".join(map(_printable_line, composed.split("\n")))


def is_whole_on_paper(text: str) -> bool:
    """Whether nothing of the text is lost when it is printed."""
    return printable(text) == unicodedata.normalize("NFC", text)


def _printable_line(line: str) -> str:
    drawable = _drawable()
    kept: list[str] = []
    for letter in line:
        if ord(letter) in drawable:
            kept.append(letter)
        elif unicodedata.category(letter)[0] in "LN" and kept[-1:] != [LOST]:
            kept.append(LOST)
    found = "".join(kept)
    return line if found == line else " ".join(found.split())


def _compiled(template: Path, data: Mapping[str, Any], **how: Any) -> bytes:
    document: bytes = typst.compile(
        template,
        root=template.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_printable(data), ensure_ascii=False)},
        # Otherwise the clock would be in the file.
        timestamp=0,
        **how,
    )
    return document


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable(entry) for key, entry in value.items()}
    return [_printable(entry) for entry in value] if isinstance(value, list | tuple) else value


@cache
def _fonts() -> typst.Fonts:
    """Ours alone: a document looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _drawable() -> frozenset[int]:
    """The characters that both weights of the brand's font have, or one of those that stand in for it: Arabic, Hebrew, Thai."""
    brand = frozenset.intersection(*map(_characters, FONTS.glob("SourceSans3-*.ttf")))
    others = frozenset[int]().union(*map(_characters, FONTS.glob("Noto*.ttf")))
    # They also have marks without a shape, which PDF/UA refuses.
    drawn = (code for code in others if unicodedata.category(chr(code))[0] != "C")
    return brand.union(drawn) - _UNSEEN


def _characters(font: Path) -> frozenset[int]:
    """What a TrueType file's `cmap` maps to a glyph (OpenType specification, subtable formats 4 and 12)."""
    content = font.read_bytes()
    tables = struct.unpack_from(">H", content, 4)[0]
    places = (struct.unpack_from(">4sIII", content, 12 + 16 * i) for i in range(tables))
    cmap = next(offset for tag, _sum, offset, _length in places if tag == b"cmap")
    characters: set[int] = set()
    for i in range(struct.unpack_from(">H", content, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">HHI", content, cmap + 4 + 8 * i)[2]
        form = struct.unpack_from(">H", content, start)[0]
        if form == 4:
            segments = struct.unpack_from(">H", content, start + 6)[0] // 2
            ends = struct.unpack_from(f">{segments}H", content, start + 14)
            starts = struct.unpack_from(f">{segments}H", content, start + 16 + 2 * segments)
            # The last segment only closes the table.
            for first, last in list(zip(starts, ends, strict=True))[:-1]:
                characters.update(range(first, last + 1))
        elif form == 12:
            for group in range(struct.unpack_from(">I", content, start + 12)[0]):
                first, last = struct.unpack_from(">II", content, start + 16 + 12 * group)
                characters.update(range(first, last + 1))
    return frozenset(characters)
