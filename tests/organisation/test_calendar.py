"""Which days are working days in Finland and in a county."""

from datetime import date, timedelta

import pytest

from palauteketju.organisation.calendar import Calendar, DayOff, is_christmas_eve, is_midsummer_eve


def test_it_works():
    assert Calendar().day_off(date(2026, 12, 8)) is None
    assert Calendar().is_working_day(date(2026, 12, 8))


def test_a_weekend_is_off():
    assert Calendar().day_off(date(2026, 12, 12)) == DayOff("weekend")
    assert Calendar().day_off(date(2026, 12, 13)) == DayOff("weekend")


def test_the_holidays_of_a_year_are_those_of_the_almanac():
    year = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    named = {day: off.name_fi for day in year if (off := Calendar().day_off(day)) and off.name_fi}

    assert named == {
        date(2026, 1, 1): "Uudenvuodenpäivä",
        date(2026, 1, 6): "Loppiainen",
        date(2026, 4, 3): "Pitkäperjantai",
        date(2026, 4, 5): "Pääsiäispäivä",
        date(2026, 4, 6): "Toinen pääsiäispäivä",
        date(2026, 5, 1): "Vappu",
        date(2026, 5, 14): "Helatorstai",
        date(2026, 5, 24): "Helluntaipäivä",
        date(2026, 6, 19): "Juhannusaatto",
        date(2026, 6, 20): "Juhannuspäivä",
        date(2026, 10, 31): "Pyhäinpäivä",
        date(2026, 12, 6): "Itsenäisyyspäivä",
        date(2026, 12, 24): "Jouluaatto",
        date(2026, 12, 25): "Joulupäivä",
        date(2026, 12, 26): "Tapaninpäivä",
    }


def test_flag_days_are_working_days():
    assert Calendar().is_working_day(date(2026, 6, 4))


def test_midsummer_eve_is_as_the_county_sets():
    eve = date(2026, 6, 19)
    assert Calendar().day_off(eve) == DayOff("public_holiday", "Juhannusaatto")
    assert Calendar(midsummer_eve_off=False).is_working_day(eve)
    assert not Calendar(christmas_eve_off=False).is_working_day(eve)


def test_christmas_eve_is_as_the_county_sets():
    eve = date(2026, 12, 24)
    assert Calendar().day_off(eve) == DayOff("public_holiday", "Jouluaatto")
    assert Calendar(christmas_eve_off=False).is_working_day(eve)
    assert not Calendar(midsummer_eve_off=False).is_working_day(eve)


def test_an_eve_that_is_not_kept_is_still_a_weekend_on_a_saturday():
    assert Calendar(christmas_eve_off=False).day_off(date(2022, 12, 24)) == DayOff("weekend")


@pytest.mark.parametrize("year", range(2000, 2101))
def test_the_eves_are_where_the_package_has_them(year):
    names = {"Juhannusaatto": is_midsummer_eve, "Jouluaatto": is_christmas_eve}
    days = [date(year, 6, day) for day in range(15, 31)] + [date(year, 12, day) for day in range(20, 32)]
    for day in days:
        off = Calendar().day_off(day)
        for name, is_eve in names.items():
            assert is_eve(day) == (off is not None and name in off.name_fi)


def test_the_county_has_days_off_of_its_own():
    calendar = Calendar(county_days_off={date(2026, 12, 7): "Siltapäivä"})
    assert calendar.day_off(date(2026, 12, 7)) == DayOff("county_day_off", "Siltapäivä")


def test_a_holiday_keeps_its_name_when_the_county_has_it_too():
    calendar = Calendar(county_days_off={date(2026, 12, 25): "Oma"})
    assert calendar.day_off(date(2026, 12, 25)).name_fi == "Joulupäivä"


def test_changing_the_mapping_afterwards_changes_nothing():
    days = {date(2026, 12, 7): "Siltapäivä"}
    calendar = Calendar(county_days_off=days)
    days.clear()
    assert not calendar.is_working_day(date(2026, 12, 7))


def test_two_holidays_on_a_day_are_both_named():
    assert Calendar().day_off(date(2008, 5, 1)).name_fi == "Helatorstai; Vappu"


def test_the_names_do_not_follow_the_language_of_the_environment(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en_US")
    assert Calendar().day_off(date(2031, 12, 25)).name_fi == "Joulupäivä"


@pytest.mark.parametrize("year", [1922, 2101, 9999])
def test_a_year_whose_holidays_are_unknown_is_refused(year):
    with pytest.raises(ValueError, match=f"not for {year}"):
        Calendar().day_off(date(year, 1, 1))
