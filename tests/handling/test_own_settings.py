"""/omat-asetukset/: how one is prompted, and who is when one is away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.handling.models import PromptSettings
from palauteketju.organisation import rules
from palauteketju.organisation.models import Absence

URL = "/omat-asetukset/"
CHOSEN = {
    "urgent": "chat",
    "others": "at_once",
    "digest_hour": "12",
    "digest_weekdays": ["1", "3"],
    "language": "sv",
}


def away(**more):
    today = timezone.localdate()
    return {"first_day": today.isoformat(), "last_day": (today + timedelta(days=9)).isoformat()} | more


def test_it_works(english, people):
    english.force_login(people.aino)
    assert english.post(URL, CHOSEN).url == URL
    chosen = PromptSettings.objects.get(person=people.aino)
    assert (chosen.urgent, chosen.others, chosen.digest_hour) == ("chat", "at_once", 12)
    assert chosen.digest_weekdays == [1, 3]
    people.aino.refresh_from_db()
    assert people.aino.language == "sv"
    assert "Your settings are saved." in english.get(URL).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"others": "never"},
        {"urgent": ""},
        {"digest_hour": "3"},
        {"digest_weekdays": []},
        {"digest_weekdays": ["6"]},
        {"language": "xx"},
        {"digest_hour": "\x00"},
    ],
)
def test_what_the_county_does_not_offer_is_refused(english, people, wrong):
    english.force_login(people.aino)
    assert english.post(URL, CHOSEN | wrong).status_code == 422
    assert not PromptSettings.objects.exists()


def test_the_county_may_take_a_choice_away(english, people, settings, tmp_path):
    settings.COUNTY_FILE = tmp_path / "county.toml"
    settings.COUNTY_FILE.write_text('[prompts]\nothers = ["at_once"]\nurgent = ["email"]\n')
    rules.county_rules.cache_clear()
    try:
        english.force_login(people.aino)
        page = english.get(URL).content.decode()
        assert "In one e-mail a day" not in page
        assert english.post(URL, CHOSEN | {"others": "app"}).status_code == 422
    finally:
        rules.county_rules.cache_clear()


@pytest.mark.parametrize(
    "line",
    [
        "urgent = []",
        'urgent = ["chat"]',
        'urgent = ["pigeon"]',
        "digest_hours = [24]",
        'digest_weekdays = ["1"]',
        "others = [[]]",
        "digest_hours = 8",
    ],
)
def test_a_county_file_that_leaves_no_way_stops_the_start(tmp_path, line):
    file = tmp_path / "county.toml"
    file.write_text(f"[prompts]\n{line}\n")
    with pytest.raises(rules.BadCountyFile):
        rules.read(file)


def test_being_away_with_a_substitute(english, people):
    english.force_login(people.aino)
    assert english.post(f"{URL}poissa/", away(substitute=people.eero.pk)).url == URL
    assert Absence.objects.get().substitute == people.eero
    assert "Eero Mäkinen is prompted instead" in english.get(URL).content.decode()


def test_a_finnish_day_is_understood_too(english, people):
    english.force_login(people.aino)
    first = timezone.localdate() + timedelta(days=40)
    in_words = f"{first.day}.{first.month}.{first.year}"
    english.post(f"{URL}poissa/", {"first_day": in_words, "last_day": in_words})
    assert Absence.objects.get().first_day == first


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"first_day": ""}, "Write the day"),
        ({"first_day": "huomenna"}, "Write the day"),
        ({"first_day": "2099-07-02", "last_day": "2099-07-01"}, "cannot be before the first one"),
        ({"first_day": "2020-07-01", "last_day": "2020-07-02"}, "are past already"),
        ({"first_day": "1.1.0001", "last_day": "31.12.9999"}, "More than a year back cannot be marked."),
        ({"last_day": "31.12.9999"}, "More than two years ahead cannot be marked."),
        ({"first_day": "1.1.2020"}, "or a later day."),
    ],
)
def test_days_that_cannot_be_are_said_so(english, people, days, said):
    english.force_login(people.aino)
    response = english.post(f"{URL}poissa/", away() | days)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Absence.objects.exists()


def test_a_substitute_without_the_role_is_not_offered(english, people):
    english.force_login(people.aino)
    assert "Nieminen" not in english.get(URL).content.decode()
    assert english.post(f"{URL}poissa/", away(substitute=people.outi.pk)).status_code == 422


def test_days_marked_already_are_said_so(english, people):
    english.force_login(people.aino)
    english.post(f"{URL}poissa/", away())
    response = english.post(f"{URL}poissa/", away())
    assert "You have marked some of these days already." in response.content.decode()


def test_an_absence_is_removed_by_its_own_person_only(english, people):
    english.force_login(people.aino)
    english.post(f"{URL}poissa/", away())
    url = f"{URL}poissa/{Absence.objects.get().pk}/poista/"
    english.force_login(people.eero)
    assert english.post(url).status_code == 404
    english.force_login(people.aino)
    assert english.get(url).url == URL
    assert english.post(url).url == URL
    assert not Absence.objects.exists()


@pytest.mark.parametrize("name", ["jaana", "viivi", "aada", "petra"])
def test_who_is_never_prompted_has_no_such_page(english, people, name):
    english.force_login(getattr(people, name))
    assert english.get(URL).status_code == 404
