"""Question sets: versioned definition files whose wording stays once it is in use."""

from pathlib import Path

import pytest

from palauteketju.surveys import library
from palauteketju.surveys.actions import take_into_use
from palauteketju.surveys.errors import BadQuestionSet, UnknownQuestionSet, WordingChanged
from palauteketju.surveys.models import UsedQuestionSet

SHIPPED = Path(library.__file__).with_name("definitions") / "thl-2.toml"


@pytest.fixture
def define(tmp_path):
    def make(text=None, name="thl-2.toml"):
        file = tmp_path / name
        file.write_text(SHIPPED.read_text() if text is None else text)
        return file

    return make


def test_the_national_set():
    national = library.question_set("thl-2")
    assert [question.id for question in national.questions] == [
        "nps",
        "access",
        "caring",
        "participation",
        "safety",
        "continuity",
        "information",
        "benefit",
    ]
    nps = national.question("nps")
    assert nps.required
    assert nps.values == tuple(map(str, range(11)))
    assert nps.text["fi"] == "Kuinka todennäköisesti suosittelisit saamaasi palvelua läheisellesi?"
    assert [choice.value for choice in national.scale] == ["5", "4", "3", "2", "1", "na"]
    assert national.stream(nps) == "thl-2/nps"


def test_drafts_are_marked_as_drafts():
    national = library.question_set("thl-2")
    assert national.question("nps").drafts == {"sv"}
    assert all(question.drafts == {"en"} for question in national.questions if question.kind == "statement")
    assert "fi" not in national.scale_drafts


def test_every_wording_is_there_in_three_languages():
    for definition in library.question_sets().values():
        for texts in (definition.title, *(question.text for question in definition.questions)):
            assert set(library.LANGUAGES) <= set(texts)


def test_some_questions_keep_the_order_of_the_set():
    assert [question.id for question in library.question_set("thl-2").only(["information", "nps"])] == [
        "nps",
        "information",
    ]


def test_an_unknown_set():
    with pytest.raises(UnknownQuestionSet):
        library.question_set("thl-1")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "nps"', 'id = "access"', "twice"),
        ('kind = "recommendation"', 'kind = "smiley"', "smiley"),
        ('sv = "Helt av samma åsikt", ', "", "sv"),
        ("version = 2", "version = 3", "thl-3.toml"),
        ('id = "thl"', "id = ", "thl-2.toml"),
        ("[[scale]]", "[[scales]]", "thl-2.toml"),
    ],
)
def test_a_definition_that_cannot_be_used_is_named(define, old, new, told):
    with pytest.raises(BadQuestionSet, match=told):
        library.read(define(SHIPPED.read_text().replace(old, new)))


def test_the_wording_in_use_stays(define, db, at):
    take_into_use([library.read(define())], at=at)
    changed = library.read(define(SHIPPED.read_text().replace("Sain apua", "Sain avun")))
    with pytest.raises(WordingChanged, match="thl-2"):
        take_into_use([changed], at=at)


def test_a_changed_comment_is_no_changed_wording(define, db, at):
    take_into_use([library.read(define())], at=at)
    take_into_use([library.read(define(SHIPPED.read_text() + "\n# A remark.\n"))], at=at)
    assert UsedQuestionSet.objects.count() == 1


def test_a_new_version_is_taken_beside_the_old_one(define, db, at):
    new = library.read(define(SHIPPED.read_text().replace("version = 2", "version = 3"), "thl-3.toml"))
    take_into_use([library.read(define()), new], at=at)
    assert set(UsedQuestionSet.objects.values_list("name", flat=True)) == {"thl-2", "thl-3"}
