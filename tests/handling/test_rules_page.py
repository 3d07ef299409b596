"""/hallinta/saannot/: the word rules in force, what the county's own files change, and how right they were."""

import re
from datetime import datetime

import pytest
from django.utils import timezone

from palauteketju.handling import actions
from palauteketju.handling.models import UrgencyReview
from palauteketju.handling.triage import rules_in_use, rules_shown, urgency
from palauteketju.organisation import rules

URL = "/hallinta/saannot/"
URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."
# A rule of the program that the county does not want.
UNWANTED = urgency.load_rules().rules[-1].id
OWN_RULES = f"""
version = 3
remove = ["{UNWANTED}"]

[[rule]]
id = "our-flood"
kind = "danger"
language = "fi"
any = ["tulva*"]
"""
OWN_WORDS = """
version = 2

[[theme]]
code = "parking"
fi = ["parkkihalli*"]
"""


@pytest.fixture
def page(english, people):
    english.force_login(people.aada)
    return lambda query="": english.get(URL + query).content.decode()


@pytest.fixture
def own_files(settings, tmp_path):
    """The county has files of its own; asked again for each test."""

    def own_files(rules_file=OWN_RULES, words=OWN_WORDS):
        (tmp_path / "own.toml").write_text(rules_file)
        (tmp_path / "words.toml").write_text(words)
        settings.COUNTY_FILE = tmp_path / "county.toml"
        settings.COUNTY_FILE.write_text(
            '[urgency]\nown_rules = "own.toml"\n[themes]\nown_words = "words.toml"\n'
        )
        forget()

    def forget():
        rules.county_rules.cache_clear()
        rules_in_use.urgency_rules.cache_clear()
        rules_in_use.forget_theme_words()

    yield own_files
    settings.COUNTY_FILE = ""
    forget()


@pytest.fixture
def judged(open_case, people):
    """How many cases a handler found in a month of 2025, by what came out."""

    def judged(month, *, right=0, false_alarm=0, missed=0):
        at = datetime(2025, month, 3, 9, tzinfo=timezone.get_default_timezone())
        for _ in range(right):
            actions.confirm_urgency(open_case(URGENT, at=at), by=people.aino, at=at)
        for _ in range(false_alarm):
            actions.remove_urgency(open_case(URGENT, at=at), by=people.aino, at=at)
        for _ in range(missed):
            actions.confirm_urgency(open_case("Jonotin.", at=at), by=people.aino, at=at)

    return judged


def groups(year=2025, *, today=None, k=5):
    today = today or datetime(2026, 1, 10, tzinfo=timezone.get_default_timezone()).date()
    return [
        (one.first.month, one.last.month, dict(one.counts))
        for one in rules_shown.urgency_judged(year, today=today, k=k)
    ]


def test_it_works(page):
    text = page()
    assert f"version {rules_in_use.urgency_rules().version}" in text
    assert "Danger to life or safety" in text
    assert "The county has no file of its own." in text
    assert "No figures yet" in text


def test_the_rules_are_counted_by_kind_and_language(page):
    found = rules_in_use.urgency_rules()
    rows = dict(rules_shown.rules_by_kind(found))
    assert sum(map(sum, rows.values())) == len(found.rules)
    assert all(n > 0 for n in rows["danger"])


def test_what_the_countys_own_file_changes_is_told(page, own_files):
    own_files()
    text = page()
    assert "The county's own file, version 3." in text
    assert "our-flood" in text
    assert UNWANTED in text
    assert "The county's own words, version 2." in text
    assert "+1" in text


def test_an_exception_of_the_countys_own_is_told(own_files):
    shipped = rules_in_use.urgency_rules().rules[0].id
    own_files(rules_file=f'version = 1\n[[except]]\nrule = "{shipped}"\nunless = ["tulva*"]\n')
    own = rules_shown.own_rules(rules_in_use.urgency_rules())
    assert (own.excepted, own.added, own.removed) == ([shipped], [], [])


def test_a_file_that_cannot_be_used_is_told(page, own_files):
    own_files(rules_file="version = 0", words="version = 0")
    text = page()
    assert "all feedback with a text counts as urgent" in text
    assert "so no themes are suggested" in text


def test_how_right_the_rules_were_is_shown_for_a_year(page, judged):
    judged(3, right=3, false_alarm=2, missed=1)
    text = page("?vuosi=2025")
    assert "March 2025" in text
    row = text.split("March 2025")[1].split("</tr>")[0]
    assert re.findall(r'class="number">(\d+)<', row) == ["6", "3", "2", "1"]
    assert "No figures yet" in page()


def test_fewer_than_k_wait_for_the_next_months(judged):
    judged(1, right=2)
    judged(2, false_alarm=2)
    judged(4, missed=1)
    judged(5, right=4)
    assert groups() == [(1, 4, {"right": 2, "false_alarm": 2, "missed": 1})]


def test_a_month_that_has_not_ended_is_not_shown(judged):
    judged(3, right=6)
    march = datetime(2025, 3, 31, tzinfo=timezone.get_default_timezone()).date()
    assert groups(today=march) == []
    assert groups(today=march.replace(month=4, day=1)) == [(3, 3, {"right": 6})]


def test_what_the_customer_called_urgent_is_no_mark_of_the_rules(open_case, people):
    at = datetime(2025, 3, 3, 9, tzinfo=timezone.get_default_timezone())
    actions.confirm_urgency(open_case("Jonotin.", needs_attention=True, at=at), by=people.aino, at=at)
    actions.remove_urgency(open_case("Kiitos.", needs_attention=True, at=at), by=people.aino, at=at)
    # The first was missed by the rules; of the second they had said nothing, and rightly.
    assert groups(k=1) == [(3, 3, {"missed": 1})]


def test_rules_that_could_not_run_count_as_no_mark(open_case, people, monkeypatch):
    at = datetime(2025, 3, 3, 9, tzinfo=timezone.get_default_timezone())
    monkeypatch.setattr(rules_in_use, "urgency_rules", lambda: 1 / 0)
    actions.remove_urgency(open_case("Kiitos.", at=at), by=people.aino, at=at)
    assert UrgencyReview.objects.exists()
    assert groups(k=1) == []


def test_corrected_themes_are_counted(page, give, people):
    at = datetime(2025, 3, 3, 9, tzinfo=timezone.get_default_timezone())
    texts = ["Parkkipaikkaa ei ollut.", "Parkkipaikkaa ei ollut.", "Parkkipaikkaa ei ollut.", "Aaa.", "Aaa."]
    chosen = [["parking", "access"], ["access"], [], ["access"], []]
    for text, themes in zip(texts, chosen, strict=True):
        feedback = give(text, at=at)
        actions.triage(feedback.pk, at=at)
        actions.correct_themes(feedback, themes, by=people.aino, at=at)
    today = datetime(2026, 1, 10, tzinfo=timezone.get_default_timezone()).date()
    (group,) = rules_shown.themes_judged(2025, today=today, k=5)
    assert dict(group.counts) == {"kept": 2, "changed": 1, "taken": 1, "added": 1}
    assert "Themes that handlers corrected" in page("?vuosi=2025")


def test_not_a_word_of_a_feedback_is_on_it(page, judged):
    judged(3, right=6)
    assert "Isäni" not in page("?vuosi=2025")


@pytest.mark.parametrize("year", ["1900", "x", "²", "9" * 40])
def test_an_odd_year_is_this_one(english, people, year):
    english.force_login(people.aada)
    assert english.get(URL, {"vuosi": year}).status_code == 200


@pytest.mark.parametrize("name", ["aino", "mikko", "jaana", "viivi", "petra"])
def test_others_have_no_such_page(english, people, name):
    english.force_login(getattr(people, name))
    assert english.get(URL).status_code == 404


def test_it_is_linked_from_administration(english, people):
    english.force_login(people.aada)
    page = english.get("/hallinta/").content.decode()
    assert 'href="/hallinta/saannot/"' in page
    assert 'href="/poissaolot/"' in page
