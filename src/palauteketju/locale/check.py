"""Refuse a message that is missing in a language, no longer used, or whose fields differ. Run by script/test.

`--update` writes the messages found in the program into the .po files, keeping the translations there are.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).parent.parent
# English stands in the program itself.
LANGUAGES = ("fi", "sv")
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}
_FIELD = re.compile(r"%\([a-z_]+\)[sd]")


def found_in_program() -> Catalog:
    """Every message of the Python and template files."""
    catalogue = Catalog(charset="utf-8")
    for place, messages, context in _messages():
        catalogue.add(messages, locations=[(place, 0)], context=context)
    return catalogue


def _messages() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    for file in sorted(PACKAGE.rglob("*")):
        if file.suffix == ".py" and "migrations" not in file.parts:
            source = file.read_bytes()
        elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
            source = _as_python(file).encode()
        else:
            continue
        place = file.relative_to(PACKAGE).as_posix()
        for _line, message, _comments, context in extract("python", BytesIO(source), KEYWORDS):
            yield place, message, context


def _as_python(template: Path) -> str:
    """The template's calls of gettext alone, one a line: what `templatize` leaves between them is no Python."""
    calls = re.findall(
        r"""\b((?:n?p?gettext)\((?:u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*,?\s*(?:count)?\s*)+\))""",
        templatize(template.read_text(encoding="utf-8"), origin=str(template)),
        re.DOTALL,
    )
    return "\n".join(calls)


def problems(language: str, wanted: Catalog, catalogue: Catalog) -> Iterator[str]:
    for message in wanted:
        if not message.id:
            continue
        translated = catalogue.get(message.id, message.context)
        place = message.locations[0][0] if message.locations else ""
        if translated is None or not _is_complete(translated):
            yield f"{language}: not translated ({place}): {message.id!r}"
        elif _fields(message.id) != _fields(translated.string or ""):
            yield f"{language}: other fields than in {message.id!r} ({place})"
    for message in catalogue:
        if message.id and wanted.get(message.id, message.context) is None:
            yield f"{language}: no longer used: {message.id!r}"


def _is_complete(message: Message) -> bool:
    texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(texts) and all(texts) and not message.fuzzy


def _fields(text: str | list[str] | tuple[str, ...]) -> set[str]:
    texts = text if isinstance(text, list | tuple) else (text,)
    return {field for part in texts for field in _FIELD.findall(part)}


def main(arguments: list[str]) -> int:
    wanted = found_in_program()
    complaints: list[str] = []
    for language in LANGUAGES:
        file = Path(__file__).parent / language / "LC_MESSAGES" / "django.po"
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=language)
        if "--update" in arguments:
            catalogue.update(wanted, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            with file.open("wb") as stream:
                write_po(
                    stream, catalogue, width=110, sort_output=True, omit_header=False, include_lineno=False
                )
        complaints += problems(language, wanted, catalogue)
    for complaint in complaints:
        print(complaint, file=sys.stderr)  # noqa: T201 - this is a command
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
