"""Recording a measure: it rests on released figures of several customers, or it is refused."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.improvement import actions
from palauteketju.improvement.errors import AlreadyDecided, NothingToRestOn, NotYours
from palauteketju.improvement.models import Measure
from tests.insight.answers import DAY, MONDAY, answers, close

pytestmark = pytest.mark.django_db

URL = "/toimenpiteet/uusi/"


@pytest.fixture
def form():
    return {
        "unit": "keskusta",
        "about": "thl-2/access",
        "period_from": "2026-11-01",
        "period_to": "2026-11-22",
        "title": "Takaisinsoitto samana päivänä",
        "description": "",
        "responsible": "osastonhoitaja",
        "due": "2026-12-31",
    }


@pytest.fixture
def today(figures, monkeypatch):
    """The day after the figures closed."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + DAY)


def test_it_works(figures, plan, people, at):
    measure = actions.record_measure(plan, by=people.aino, at=at)

    assert (measure.state, measure.recorded_by, measure.recorded_at) == ("recorded", people.aino, at)
    assert measure.n == 9
    entry = Entry.objects.latest("number")
    assert (entry.action, entry.actor, entry.subject_id) == (
        "improvement.measure.recorded",
        people.aino,
        str(measure.pk),
    )
    assert plan.title not in str(entry.facts)


def test_later_answers_do_not_change_what_it_rested_on(recorded, units):
    close(answers(units.keskusta, 8, stream="thl-2/access", value="5"), on=MONDAY + DAY)

    recorded.refresh_from_db()
    assert recorded.n == 9


def test_a_measure_on_all_feedback_rests_on_the_widest_stream(figures, plan, people, at):
    assert actions.record_measure(replace(plan, stream=""), by=people.aino, at=at).n == 12


def test_a_theme_rests_on_its_own_blocks_where_there_are_some(figures, plan, people, units, at):
    about_parking = replace(plan, stream="", theme="parking")
    assert actions.record_measure(about_parking, by=people.aino, at=at).n == 12

    close(answers(units.keskusta, 6, stream="theme", value="parking"), on=MONDAY + DAY)
    assert actions.record_measure(about_parking, by=people.eero, at=at).n == 6


def test_what_waits_in_a_pool_is_nothing_to_rest_on(figures, other_plan, people, at):
    with pytest.raises(NothingToRestOn):
        actions.record_measure(other_plan, by=people.outi, at=at)
    assert not Measure.objects.exists()


def test_a_stream_without_a_figure_is_refused(figures, plan, people, at):
    with pytest.raises(NothingToRestOn):
        actions.record_measure(replace(plan, stream="thl-2/safety"), by=people.aino, at=at)


def test_a_period_without_a_figure_is_refused(figures, plan, people, at):
    earlier = replace(plan, period_from=date(2026, 9, 1), period_to=date(2026, 9, 30))

    with pytest.raises(NothingToRestOn):
        actions.record_measure(earlier, by=people.aino, at=at)


@pytest.mark.parametrize("who", ["outi", "jaana", "mikko", "viivi", "aada", "petra"])
def test_only_the_units_handlers_record(figures, plan, people, at, who):
    with pytest.raises(NotYours):
        actions.record_measure(plan, by=getattr(people, who), at=at)


def test_a_returned_measure_is_mended_and_waits_again(recorded, plan, people, at):
    actions.return_measure(recorded.pk, reason="Liian yleinen.", by=people.viivi, at=at)

    actions.revise_measure(recorded.pk, replace(plan, title="Soitamme takaisin"), by=people.eero, at=at)

    recorded.refresh_from_db()
    assert (recorded.state, recorded.title, recorded.return_reason) == ("recorded", "Soitamme takaisin", "")
    assert recorded.recorded_by == people.eero


def test_a_public_measure_is_not_changed_behind_the_approvers_back(approved, plan, people, at):
    with pytest.raises(AlreadyDecided):
        actions.revise_measure(approved.pk, replace(plan, title="Jotain muuta"), by=people.aino, at=at)


def test_the_form_records(client, people, form, today):
    client.force_login(people.aino)

    response = client.post(URL, form)

    measure = Measure.objects.get()
    assert response.url == f"/toimenpiteet/{measure.pk}/"
    assert (measure.title, measure.n, measure.stream) == (form["title"], 9, "thl-2/access")


def test_the_form_tells_why_there_is_nothing_to_rest_on(client, people, form, today):
    client.force_login(people.aino)

    response = client.post(URL, form | {"about": "thl-2/safety"})

    assert response.context["form"].errors.keys() == {"about"}
    assert form["title"] in response.content.decode()
    assert not Measure.objects.exists()


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("unit", "koti"),
        ("unit", ""),
        ("about", "thl-2/nonsense"),
        ("period_from", "2026-11-31"),
        ("period_from", "2024-01-01"),
        ("period_to", "2026-10-01"),
        ("title", ""),
        ("title", "x" * 121),
        ("description", "x" * 1001),
        ("responsible", ""),
        ("due", "2026-11-01"),
        ("due", "2099-01-01"),
    ],
)
def test_the_form_refuses(client, people, form, field, value):
    client.force_login(people.aino)

    response = client.post(URL, form | {field: value})

    assert response.status_code == 422
    assert response.context["form"].errors
    assert not Measure.objects.exists()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_day_may_be_typed_in_every_language(client, today, people, form, language):
    client.force_login(people.aino)
    day = date.fromisoformat(form["due"])

    client.post(URL, form | {"due": f"{day:%d.%m.%Y}"}, headers={"accept-language": language})

    assert Measure.objects.get().due == day


def test_an_empty_form_is_refused_too(client, people, figures):
    client.force_login(people.aino)

    assert client.post(URL).status_code == 422


def test_mending_refuses_the_same(client, people, form, recorded):
    client.force_login(people.aino)

    response = client.post(f"/toimenpiteet/{recorded.pk}/muokkaa/", form | {"title": ""})

    assert response.status_code == 422
    assert response.context["form"].errors


@pytest.mark.parametrize("who", ["jaana", "mikko", "viivi", "aada", "petra"])
def test_the_form_does_not_exist_for_others(client, people, who):
    client.force_login(getattr(people, who))

    assert client.get(URL).status_code == 404
