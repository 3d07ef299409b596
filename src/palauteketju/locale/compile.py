"""Make the .mo files that the program reads from the .po files that people edit. Run by script/setup."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).parent


def main() -> None:
    for source in sorted(HERE.glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parent.parent.name)
        draft = target.with_suffix(".mo.draft")
        with draft.open("wb") as stream:
            write_mo(stream, catalogue)
        draft.replace(target)


if __name__ == "__main__":
    main()
