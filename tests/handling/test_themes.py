"""Themes: what a text speaks of, and how many did, one theme a feedback."""

from datetime import timedelta
from itertools import pairwise

import pytest

from palauteketju.handling import actions, handover, themes


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Jonotin kaksi tuntia.", "access"),
        ("Hoitaja oli ystävällinen ja kuunteli.", "encounter"),
        ("Ohjeet olivat epäselvät.", "information"),
        ("Lääkäri oli ammattitaitoinen.", "professional_skill"),
        ("Kaikki sujui nopeasti.", "smoothness"),
        ("Vessa oli likainen.", "premises"),
        ("Opasteet puuttuivat, eksyin.", "guidance"),
        ("Pysäköintipaikkoja on liian vähän.", "parking"),
        ("Ajanvaraus oli vaikea.", "booking"),
        ("Kukaan ei vastaa puhelimeen.", "phone_service"),
        ("Lääkäri oli taas myöhässä.", "schedules"),
        ("Sovellus ei toimi.", "digital_services"),
        ("Jag fick vänta i två timmar.", "access"),
        ("Sköterskan var vänlig.", "encounter"),
        ("Det finns ingen parkering.", "parking"),
        ("I waited for two hours.", "access"),
        ("The website does not work.", "digital_services"),
        ("pysakointi on kallista", "parking"),
    ],
)
def test_it_works(text, theme):
    assert themes.found_in(text, themes.shipped_themes())[0] == theme


def test_the_theme_spoken_of_most_comes_first():
    text = "Hoitaja oli ystävällinen. Parkkipaikkoja ei ollut. Parkkihalli oli täynnä."
    assert themes.found_in(text, themes.shipped_themes()) == ["parking", "encounter"]


def test_a_text_without_a_theme_has_none():
    assert themes.found_in("Kiitos!", themes.shipped_themes()) == []


def test_a_feedback_counts_once_whatever_it_speaks_of(give, people, units, at):
    actions.triage(
        give("Parkkipaikkoja ei ollut. Parkkihalli oli täynnä. Hoitaja oli ystävällinen.").pk, at=at
    )
    actions.triage(give("Parkki täynnä.").pk, at=at)
    actions.triage(give("Kiitos!").pk, at=at)

    counts = list(handover.theme_counts(after=at - timedelta(days=1), until=at))
    assert [(count.unit, count.stream, count.value, count.n) for count in counts] == [
        ("keskusta", "theme", "parking", 2)
    ]


def test_windows_side_by_side_count_everything_once(give, people, at):
    for minutes in (1, 2, 3):
        actions.triage(give("Parkki täynnä.").pk, at=at + timedelta(minutes=minutes))
    edges = [at, at + timedelta(minutes=2), at + timedelta(minutes=3)]
    totals = [
        sum(count.n for count in handover.theme_counts(after=after, until=until))
        for after, until in pairwise(edges)
    ]
    assert totals == [2, 1]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("version = ", "cannot be read"),
        ("version = 0\n[[theme]]\ncode = 'access'\nfi = ['jono*']", "version from 1"),
        ("version = 1\n[[theme]]\ncode = 'access'\nfi = ['jono*']", "each once"),
        ("version = 1\n[[theme]]\ncode = 'access'\nfi = ['a*']", "pattern 'a*'"),
        ("version = 1\n[[theme]]\ncode = 'access'", "no pattern"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(tmp_path, content, complaint):
    file = tmp_path / "themes.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(themes.BadThemes, match=complaint.replace("*", r"\*")):
        themes.load_themes(file)
