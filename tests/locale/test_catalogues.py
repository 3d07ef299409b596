"""Every message of the program in Finnish and Swedish, whole."""

import pytest
from babel.messages.catalog import Catalog

from palauteketju.locale import check, compile  # noqa: A004 - the module's name; compile() itself is not used here


@pytest.fixture
def wanted():
    catalogue = Catalog()
    catalogue.add("Send", locations=[("intake/forms.py", 0)])
    catalogue.add("Written by %(name)s", locations=[("handling/wording.py", 0)])
    catalogue.add(("%(n)s answer", "%(n)s answers"), locations=[("insight/wording.py", 0)])
    return catalogue


@pytest.fixture
def finnish():
    catalogue = Catalog(locale="fi")
    catalogue.add("Send", "Lähetä")
    catalogue.add("Written by %(name)s", "Kirjoittanut %(name)s")
    catalogue.add(("%(n)s answer", "%(n)s answers"), ("%(n)s vastaus", "%(n)s vastausta"))
    return catalogue


@pytest.fixture
def problems(wanted, finnish):
    return lambda: list(check.problems("fi", wanted, finnish))


def test_it_works(problems):
    assert problems() == []


def test_the_program_speaks_all_its_languages_whole(capsys):
    assert check.main([]) == 0, capsys.readouterr().err


def test_messages_of_python_and_of_templates_are_found():
    found = check.found_in_program()
    assert "This needs immediate attention" in found
    assert "Before you write" in found
    assert len(found) > 300


def test_a_missing_message_is_told_with_its_place(wanted, problems):
    wanted.add("Close", locations=[("handling/forms.py", 0)])
    assert problems() == ["fi: not translated (handling/forms.py): 'Close'"]


@pytest.mark.parametrize("string", ["", None])
def test_an_empty_translation_is_a_missing_one(finnish, problems, string):
    finnish["Send"].string = string
    assert problems() == ["fi: not translated (intake/forms.py): 'Send'"]


def test_a_plural_needs_all_its_forms(finnish, problems):
    finnish["%(n)s answer"].string = ("%(n)s vastaus", "")
    [problem] = problems()
    assert problem.startswith("fi: not translated (insight/wording.py)")


def test_a_guessed_translation_is_a_missing_one(finnish, problems):
    finnish["Send"].flags.add("fuzzy")
    assert problems() == ["fi: not translated (intake/forms.py): 'Send'"]


def test_a_message_no_longer_used_is_told(finnish, problems):
    finnish.add("Fax", "Faksi")
    assert problems() == ["fi: no longer used: 'Fax'"]


@pytest.mark.parametrize("string", ["Kirjoittanut %(nimi)s", "Kirjoittanut", "Kirjoittanut %(name)s %(day)s"])
def test_a_wrong_field_is_told(finnish, problems, string):
    """It would show a hole to the reader, or stop the page."""
    finnish["Written by %(name)s"].string = string
    assert problems() == ["fi: other fields than in 'Written by %(name)s' (handling/wording.py)"]


def test_a_message_of_another_context_is_another_message(wanted, problems):
    wanted.add("Send", context="on a phone", locations=[("sms/forms.py", 0)])
    assert problems() == ["fi: not translated (sms/forms.py): 'Send'"]


def test_what_people_edit_is_what_the_program_reads(tmp_path, monkeypatch):
    folder = tmp_path / "fi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr ""\n\nmsgid "Send"\nmsgstr "Lähetä"\n', encoding="utf-8"
    )
    monkeypatch.setattr(compile, "HERE", tmp_path)
    compile.main()
    assert "Lähetä".encode() in (folder / "django.mo").read_bytes()
