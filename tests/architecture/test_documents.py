"""Documents that orient must name what there is."""

import re
from pathlib import Path

from palauteketju.project.cli import COMMANDS

ROOT = Path(__file__).parents[2]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_command_is_documented():
    text = read("docs/commands.md")

    assert [name for name in COMMANDS if f"`{name}" not in text] == []


def test_every_environment_variable_is_documented():
    used = set()
    for file in (ROOT / "src").rglob("*.py"):
        used |= set(
            re.findall(r"""["'](PALAUTEKETJU_[A-Z_]+|DATABASE_URL)["']""", file.read_text(encoding="utf-8"))
        )
    text = read("docs/configuration.md")

    assert "PALAUTEKETJU_KEYS" in used
    assert sorted(name for name in used if name not in text) == []


def test_every_link_in_the_documents_leads_somewhere():
    broken = []
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
        broken += [
            f"{document.name}: {target}" for target in targets if not (document.parent / target).exists()
        ]

    assert broken == []
