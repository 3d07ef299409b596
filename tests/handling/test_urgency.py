"""Texts that may be urgent are marked, with the reason."""

import json
import time
import unicodedata
from pathlib import Path

import pytest
from django.utils import translation

from palauteketju.handling.labels import label
from palauteketju.handling.urgency import (
    CUSTOMER_SAID,
    KINDS,
    RULES_FAILED,
    BadRules,
    assess,
    explain,
    load_rules,
)

TEXTS = [
    json.loads(line)
    for line in (Path(__file__).parent / "urgency_texts.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def rules():
    return load_rules()


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "urgency-9.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def rule_file(patterns, **other):
    keys = {"id": "r", "kind": "violence", "language": "fi", "any": patterns} | other
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items()]
    return "version = 1\n[[rule]]\n" + "\n".join(lines)


def test_it_works(rules):
    text = "Kiitos kaikesta. Äidille annettiin väärä lääke!"
    urgency = assess(text, language="fi", rules=rules)

    assert explain(urgency) == {"urgent": True, "reasons": ["medication_error"]}
    (reason,) = urgency.reasons
    assert (reason.rule_id, text[reason.start : reason.end]) == ("fi-medication", "väärä lääke")
    assert urgency.rules_version == 1


def test_an_ordinary_text_is_not_marked(rules):
    assert explain(assess("Kiitos hyvästä hoidosta.", language="fi", rules=rules)) == {
        "urgent": False,
        "reasons": [],
    }


@pytest.mark.parametrize("text", ["", " \n\t", "🙂", "....", "12345", "\x00", "\ud800"])
def test_a_text_without_words_is_not_marked(rules, text):
    assert not assess(text, language="fi", rules=rules).urgent


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_language_is_read_on_every_form(rules, language):
    for text in ("hoitaja löi minua", "skötaren slog mig", "the nurse hit me"):
        assert "violence" in explain(assess(text, language=language, rules=rules))["reasons"]


def test_reasons_by_the_forms_language_come_first(rules):
    text = "the nurse hit me. Hän ei saanut ruokaa koko päivänä."
    assert assess(text, language="fi", rules=rules).reasons[0].rule_id.startswith("fi-")
    assert assess(text, language="en", rules=rules).reasons[0].rule_id.startswith("en-")


@pytest.mark.parametrize(
    "text",
    [
        "VÄKIVALTAA OSASTOLLA",
        unicodedata.normalize("NFD", "väkivaltaa osastolla"),
        "vakivaltaa osastolla",
        "väkkivaltaa osastolla",
        "väki\u00advaltaa",
        "oli   pahoin-\npidelty, väkivaltaa",
    ],
)
def test_how_it_is_typed_makes_no_difference(rules, text):
    assert explain(assess(text, language="fi", rules=rules))["reasons"] == ["violence"]


@pytest.mark.parametrize(
    "text",
    [
        "Osastolla ei ollut väkivaltaa",
        "Väkivaltatyön koulutus oli hyvä",
        "Jag såg inget våld",
        "There was no violence",
        "Lääkäri oli kuolettavan tylsä",
        "Autosta oli akku kuollut",
        "Hoitaja pelasti henkeni",
        "Näytteenotosta tuli mustelma ja pistokohta arka",
        "Lääkäri oli vaihtunut, väärä nimi ovessa",
    ],
)
def test_what_only_sounds_bad_is_not_marked(rules, text):
    assert explain(assess(text, language="fi", rules=rules))["reasons"] == []


def test_a_pattern_does_not_reach_into_the_next_sentence(rules):
    assert not assess("Väärä huone. Lääke auttoi.", language="fi", rules=rules).urgent


def test_an_excused_place_does_not_excuse_another(rules):
    text = "Luulin ettei ollut väkivaltaa. Sitten hän hakkasi äitiä."
    (reason,) = assess(text, language="fi", rules=rules).reasons
    assert text[reason.start : reason.end] == "hakkasi"


SPLITS = ("dev", "dev_2", "dev_3", "held_out")


@pytest.mark.parametrize("splits", [*((split,) for split in SPLITS), SPLITS])
def test_recall_and_precision_on_our_own_texts(rules, splits):
    """The rules were tuned on the dev splits and never on `held_out`.

    All texts are by the author of the rules, so the figures flatter. Before they were tuned on, `dev_2` gave a
    recall of 0.29 and `dev_3` one of 0.33 (precision 0.89 and 0.83): what a text says only indirectly is missed.
    """
    texts = [text for text in TEXTS if text["split"] in splits]
    marked = [assess(text["text"], language=text["language"], rules=rules).urgent for text in texts]
    urgent = [text["urgent"] for text in texts]
    right = sum(m and u for m, u in zip(marked, urgent, strict=True))

    assert right / sum(urgent) >= 0.9
    assert right / sum(marked) >= 0.8


def test_the_texts_are_many_and_of_all_languages():
    assert len(TEXTS) >= 120
    assert {text["language"] for text in TEXTS} == {"fi", "sv", "en"}
    assert {text["split"] for text in TEXTS} == set(SPLITS)
    assert len({text["text"] for text in TEXTS}) == len(TEXTS)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "lääke " * 160_000,
        "ei " * 330_000,
        "ä\u0308" * 500_000,
        "väärä x x x x x x lääke x x x x x x " * 28_000,
        "." * 1_000_000,
    ],
    ids=["one letter", "one word", "negations", "marks", "near misses", "full stops"],
)
def test_a_megabyte_is_read_in_a_second(rules, text):
    started = time.process_time()
    assess(text, language="fi", rules=rules)
    assert time.process_time() - started < 1


def test_a_megabyte_of_different_words_takes_ten_times_a_tenth_of_it(rules):
    def seconds(count):
        text = " ".join(f"sana{n}" for n in range(count))
        started = time.process_time()
        assess(text, language="fi", rules=rules)
        return time.process_time() - started

    assert seconds(100_000) < 30 * seconds(10_000)


def test_the_end_of_a_long_text_is_read_too(rules):
    text = "Kiitos paljon. " * 60_000 + "Hoitaja löi äitiä."
    (reason,) = assess(text, language="fi", rules=rules).reasons
    assert text[reason.start : reason.end] == "Hoitaja löi"


def test_every_kind_has_words():
    with translation.override("en"):
        for kind in (*KINDS, CUSTOMER_SAID, RULES_FAILED):
            assert str(label(kind)) != kind


def test_a_countys_own_rules_are_used(write):
    content = 'version = 7\n[words]\npet = ["kissa*", "koira*"]\n' + rule_file(["@pet .. puri"])[12:]
    rules = load_rules(write(content))
    assert assess("koirat taas purivat, kissani kovasti puri", language="fi", rules=rules).urgent
    assert not assess("lintu puri", language="fi", rules=rules).urgent
    assert rules.version == 7


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("version = ", "is not TOML: Invalid value \\(at end of document\\)"),
        (b"version = 1 # \xe4", "is not UTF-8 text \\(byte 14\\)"),
        ("version = 1", "there is no \\[\\[rule\\]\\]"),
        ("version = true\n[[rule]]", "line 1: version must be a whole number"),
        ("version = 1\nrules = []", "unknown key 'rules'"),
        ("version = 1\nrule = [1]", "rule '\\?': a rule must be a table"),
        ("version = 1\nwords = 3\n" + rule_file(["abc"])[12:], "words must be a table"),
        (
            "version = 1\nwords = {a = [1]}\n" + rule_file(["abc"])[12:],
            "word list 'a' must be a list of words",
        ),
        ("version = 1\n[[rule]]\nkind = 'violence'", "line 2, rule '\\?': id is missing"),
        (rule_file(["abc"], kind="rude"), "line 4, rule 'r': kind must be one of danger, "),
        (rule_file(["abc"], language="de"), "line 5, rule 'r': language must be one of fi, sv, en"),
        (rule_file(["abc"], anny=["x"]), "line 7, rule 'r': unknown key 'anny'"),
        (rule_file([]), "line 6, rule 'r': any must be a list of patterns"),
        (rule_file([3]), "line 6, rule 'r': any has something else than text"),
        (rule_file(["abc"], unless="abc"), "line 7, rule 'r': unless must be a list"),
        (rule_file(["ab*"]), "line 6, rule 'r': pattern 'ab\\*': 'ab\\*' would match too much"),
        (rule_file(["*abc*"]), "at least 4 letters"),
        (rule_file(["a*b"]), "'a\\*b' is not a word"),
        (rule_file([".. abc"]), "'.. abc': .. belongs between two words"),
        (rule_file(["abc .. .. def"]), ".. belongs between two words"),
        (rule_file(["a ~ b ~ c"]), "only one ~"),
        (rule_file([""]), "the pattern is empty"),
        (rule_file(["@pet abc"]), "there is no word list 'pet'"),
        (
            rule_file(["abc"]) + "\n" + rule_file(["def"])[12:],
            "line 7, rule 'r': another rule has the same id",
        ),
    ],
)
def test_a_bad_rule_file_says_where_and_why(write, content, message):
    with pytest.raises(BadRules, match=f"^urgency-9.toml.*{message}"):
        load_rules(write(content))


def test_a_missing_rule_file_says_so(tmp_path):
    with pytest.raises(BadRules, match=r"^none\.toml cannot be read: No such file"):
        load_rules(tmp_path / "none.toml")
