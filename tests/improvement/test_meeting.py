"""The weekly meeting: /raportit/<unit>/kokous/ step by step, and /raportit/<area>/kokoukset/ of who has met."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.improvement import actions, meetings
from palauteketju.improvement.errors import AlreadyReviewed, NotYours, WeekAhead
from palauteketju.improvement.models import Measure, WeekReview
from palauteketju.improvement.ready_reports import ready_report
from palauteketju.insight import handover as insight
from palauteketju.insight.periods import last_whole_week, read_week
from tests.insight.answers import DAY, answers, close

pytestmark = pytest.mark.django_db

URL = "/raportit/keskusta/kokous/?viikko=2026-W47"
WEEK = read_week("2026-W47")


def test_it_works(client, people, figures):
    client.force_login(people.aino)
    for step in range(1, 5):
        page = client.get(f"{URL}&vaihe={step}").content.decode()
        assert page.count("<h1>") == 1
        assert page.count('aria-current="step"') == 1

    response = client.post(f"{URL}&vaihe=4", {"note": "Sovittiin soittoajoista."})

    assert response.url == "/raportit/keskusta/kokous/?viikko=2026-W47&vaihe=4"
    review = WeekReview.objects.get()
    assert (review.by, review.week, review.note) == (people.aino, WEEK.first, "Sovittiin soittoajoista.")
    assert Entry.objects.get(action="improvement.week.reviewed").facts == {
        "unit": "keskusta",
        "week": "2026-W47",
    }
    assert "Sovittiin soittoajoista." in client.get(response.url).content.decode()


def test_the_measure_is_recorded_in_the_meeting(client, people, units, figures):
    client.force_login(people.aino)
    page = client.get(f"{URL}&vaihe=3").content.decode()
    address = "/toimenpiteet/uusi/?yksikko=keskusta&alku=2026-11-16&loppu=2026-11-22&kokous=2026-W47&aihe=thl-2%2Faccess"
    assert address.replace("&", "&amp;") in page

    form = client.get(address).content.decode()
    assert 'value="2026-11-16"' in form
    assert 'value="2026-11-22"' in form
    today = timezone.localdate()
    close(answers(units.keskusta, 6, stream="thl-2/access", value="5"), on=timezone.now() + timedelta(days=2))
    posted = {
        "unit": "keskusta",
        "about": "thl-2/access",
        "period_from": today,
        "period_to": today + timedelta(days=3),
        "title": "Takaisinsoitto samana päivänä",
        "responsible": "osastonhoitaja",
        "due": today + timedelta(days=30),
    }
    response = client.post(address, posted)

    assert Measure.objects.get().stream == "thl-2/access"
    assert response.url == "/raportit/keskusta/kokous/?viikko=2026-W47&vaihe=3"


@pytest.mark.parametrize("who", ["jaana", "mikko", "viivi"])
def test_who_does_not_handle_is_not_offered_to_record(client, people, figures, who):
    client.force_login(getattr(people, who))

    assert "/toimenpiteet/uusi/" not in client.get(f"{URL}&vaihe=3").content.decode()


@pytest.mark.parametrize("who", ["outi", "aada", "petra"])
def test_another_units_meeting_does_not_exist(client, people, figures, who):
    client.force_login(getattr(people, who))

    assert client.get(URL).status_code == 404
    assert client.post(URL, {"note": ""}).status_code == 404


@pytest.mark.parametrize("who", ["jaana", "viivi"])
def test_who_cannot_lead_it_cannot_note_it(client, people, units, figures, at, who):
    client.force_login(getattr(people, who))

    assert "<textarea" not in client.get(f"{URL}&vaihe=4").content.decode()
    assert client.post(URL, {"note": ""}).status_code == 404
    with pytest.raises(NotYours):
        meetings.review_week(units.keskusta, WEEK, note="", by=getattr(people, who), at=at)


def test_the_first_note_stands(client, people, units, at):
    meetings.review_week(units.keskusta, WEEK, note="Ensin.", by=people.aino, at=at)
    with pytest.raises(AlreadyReviewed):
        meetings.review_week(units.keskusta, WEEK, note="Sitten.", by=people.eero, at=at)

    client.force_login(people.eero)
    client.post(URL, {"note": "Sitten."})
    assert WeekReview.objects.get().note == "Ensin."
    assert Entry.objects.count() == 1


def test_a_week_ahead_cannot_have_been_gone_through(units, people, at):
    with pytest.raises(WeekAhead):
        meetings.review_week(units.keskusta, WEEK.earlier(-1), note="", by=people.aino, at=at)


def test_a_note_that_is_too_long_comes_back(client, people, figures):
    client.force_login(people.aino)

    response = client.post(URL, {"note": "x" * 1001})

    assert response.status_code == 422
    assert "x" * 1001 in response.content.decode()
    assert not WeekReview.objects.exists()


def test_what_was_noted_cannot_become_markup(client, people, units, at):
    meetings.review_week(units.keskusta, WEEK, note="<script>x</script>", by=people.aino, at=at)
    client.force_login(people.jaana)

    assert "<script>x" not in client.get(f"{URL}&vaihe=4").content.decode()


@pytest.mark.parametrize(
    "url", ["/raportit/terveys/kokous/", f"{URL}x", "/raportit/keskusta/kokous/?viikko=2026-11"]
)
def test_an_area_has_no_meeting_and_a_wrong_week_none_either(client, people, url):
    client.force_login(people.mikko)

    assert client.get(url).status_code == 404


@pytest.mark.parametrize("step", ["", "0", "5", "x", "٣"])
def test_an_unknown_step_is_the_first(client, people, figures, step):
    client.force_login(people.aino)

    assert "+100" in client.get(f"{URL}&vaihe={step}").content.decode()


def test_the_manager_sees_who_has_met(client, people, units):
    now = timezone.now()
    meetings.review_week(units.keskusta, last_whole_week(now), note="", by=people.aino, at=now)
    client.force_login(people.mikko)

    page = client.get("/raportit/terveys/kokoukset/").content.decode()

    row = page.split("Keskustan terveysasema")[1].split("</tr>")[0]
    assert row.count(f"viikko={last_whole_week(now)}&amp;vaihe=4") == 1
    assert "vaihe=4" not in page.split("Psykiatrian poliklinikka")[1].split("</tr>")[0]
    assert "Kotihoito" not in page


@pytest.mark.parametrize("who", ["aino", "jaana", "viivi", "outi", "aada", "petra"])
def test_only_the_areas_manager_has_the_table(client, people, who):
    client.force_login(getattr(people, who))

    assert client.get("/raportit/terveys/kokoukset/").status_code == 404


def test_another_areas_table_does_not_exist(client, people):
    client.force_login(people.mikko)

    assert client.get("/raportit/kotona/kokoukset/").status_code == 404


def test_what_the_meeting_decides_stands_in_it_and_not_in_the_report(
    client, people, units, figures, plan, at
):
    files = [form.write(ready_report(units.keskusta, WEEK)) for form in insight.FORMATS.values()]
    meeting = at + 8 * DAY
    for title, recorded_at in (
        ("Kokouksessa", meeting),
        ("Palautettu", meeting),
        ("Ajallaan", at),
        ("Kuukauden päästä", at + 40 * DAY),
    ):
        about = {"period_from": WEEK.first, "period_to": WEEK.last} if recorded_at == meeting else {}
        if title == "Kuukauden päästä":
            about = {"period_from": WEEK.last + DAY, "period_to": WEEK.last + 30 * DAY}
            close(answers(units.keskusta, 9, stream=plan.stream, value="5"), on=at + 20 * DAY)
        measure = actions.record_measure(replace(plan, title=title, **about), by=people.aino, at=recorded_at)
        if title == "Palautettu":
            actions.return_measure(measure.pk, reason="Nimi.", by=people.viivi, at=meeting)
        if title == "Kokouksessa":
            actions.approve_measure(measure.pk, by=people.viivi, at=meeting)
    client.force_login(people.aino)

    told = client.get(f"{URL}&vaihe=3").content.decode()

    assert told.index("Kokouksessa") < told.index("Ajallaan")
    assert "Palautettu" not in told
    assert "Kuukauden päästä" not in told
    # What was recorded in the week itself is the report's; what its meeting decided, the next week's.
    Measure.objects.filter(title="Ajallaan").delete()
    assert [form.write(ready_report(units.keskusta, WEEK)) for form in insight.FORMATS.values()] == files


def test_a_week_that_has_not_begun_is_not_offered_and_loses_no_note(client, people, units):
    ahead = last_whole_week(timezone.now()).earlier(-2)
    client.force_login(people.aino)

    address = f"/raportit/keskusta/kokous/?viikko={ahead}&vaihe=4"
    assert "<textarea" not in client.get(address).content.decode()

    refused = client.post(address, {"note": "Sovittiin soittoajoista."})
    assert refused.status_code == 422
    assert "Sovittiin soittoajoista." in refused.content.decode()
    assert not WeekReview.objects.exists()


@pytest.mark.parametrize(("who", "sees"), [("mikko", True), ("viivi", False)])
def test_the_table_is_linked_for_whom_it_opens(client, people, figures, who, sees):
    client.force_login(getattr(people, who))

    page = client.get("/raportit/terveys/").content.decode()

    assert ('href="/raportit/terveys/kokoukset/"' in page) is sees
    assert (client.get("/raportit/terveys/kokoukset/").status_code == 200) is sees
