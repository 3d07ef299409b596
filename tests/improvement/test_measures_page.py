"""The pages of measures: who sees which, and what each may do there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palauteketju.improvement import actions
from palauteketju.improvement.models import Measure
from tests.insight.answers import MONDAY, answers, close

pytestmark = pytest.mark.django_db

READERS = ["aino", "eero", "jaana", "mikko", "viivi"]


@pytest.fixture
def url(recorded):
    return f"/toimenpiteet/{recorded.pk}/"


@pytest.mark.parametrize("who", READERS)
def test_it_works(client, people, recorded, url, who):
    client.force_login(getattr(people, who))

    assert recorded.title in client.get("/toimenpiteet/").content.decode()
    page = client.get(url).content.decode()
    assert page.count("<h1>") == 1
    assert recorded.description in page


def test_another_units_measure_does_not_exist(client, people, recorded, url):
    client.force_login(people.outi)

    assert recorded.title not in client.get("/toimenpiteet/").content.decode()
    assert client.get("/toimenpiteet/?yksikko=keskusta").status_code == 404
    assert client.get(url).status_code == 404
    for name in ("muokkaa", "valmis"):
        assert client.post(f"{url}{name}/", {"effect": "x"}).status_code == 404


@pytest.mark.parametrize("who", ["aada", "petra"])
def test_who_works_with_no_figures_has_no_measures(client, people, url, who):
    client.force_login(getattr(people, who))

    assert client.get("/toimenpiteet/").status_code == 404
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("who", ["jaana", "mikko", "aino"])
def test_only_communications_has_the_decision(client, people, url, who):
    client.force_login(getattr(people, who))

    assert "/hyvaksy/" not in client.get(url).content.decode()
    assert client.post(f"{url}hyvaksy/").status_code == 404
    assert client.post(f"{url}palauta/", {"reason": "x"}).status_code == 404


def test_approving_on_the_page(client, people, recorded, url):
    client.force_login(people.viivi)
    assert "/hyvaksy/" in client.get(url).content.decode()

    assert client.post(f"{url}hyvaksy/").url == url

    recorded.refresh_from_db()
    assert recorded.state == "approved"


def test_the_second_approval_is_told_kindly(client, people, approved):
    client.force_login(people.viivi)

    response = client.post(f"/toimenpiteet/{approved.pk}/hyvaksy/", follow=True)

    assert response.status_code == 200
    assert len(list(response.context["messages"])) == 1


def test_returning_needs_a_reason(client, people, recorded, url):
    client.force_login(people.viivi)

    response = client.post(f"{url}palauta/", {"reason": " "})
    assert response.status_code == 422
    assert response.context["return_form"].errors

    client.post(f"{url}palauta/", {"reason": "Kerro, milloin."})
    recorded.refresh_from_db()
    assert (recorded.state, recorded.return_reason) == ("returned", "Kerro, milloin.")


def test_the_handler_sees_why_it_came_back_and_mends_it(client, people, recorded, url, at):
    actions.return_measure(recorded.pk, reason="Kerro, milloin.", by=people.viivi, at=at)
    client.force_login(people.aino)

    assert "Kerro, milloin." in client.get(url).content.decode()
    form = client.get(f"{url}muokkaa/")
    assert recorded.title in form.content.decode()


def test_finishing_needs_what_it_changed(client, people, approved):
    client.force_login(people.aino)
    url = f"/toimenpiteet/{approved.pk}/"

    response = client.post(f"{url}valmis/", {"effect": ""})
    assert response.status_code == 422
    assert response.context["complete_form"].errors
    client.post(f"{url}valmis/", {"effect": "Odotus lyheni."})

    approved.refresh_from_db()
    assert (approved.state, approved.effect) == ("done", "Odotus lyheni.")


def test_what_waits_comes_first_for_communications(client, people, figures, plan, at):
    first = actions.record_measure(plan, by=people.aino, at=at)
    second = actions.record_measure(plan, by=people.eero, at=at)
    actions.approve_measure(second.pk, by=people.viivi, at=at)

    def order(person):
        client.force_login(person)
        return [row["measure"].pk for row in client.get("/toimenpiteet/").context["rows"]]

    assert order(people.viivi) == [first.pk, second.pk]
    assert order(people.aino) == [second.pk, first.pk]


def test_the_list_is_filtered_by_state(client, people, approved, plan, at):
    actions.record_measure(plan, by=people.eero, at=at)
    client.force_login(people.aino)

    expected = {"": 2, "odottaa": 1, "kaynnissa": 1, "valmis": 0, "palautettu": 0, "x": 2}
    for state, found in expected.items():
        assert len(client.get("/toimenpiteet/", {"tila": state}).context["rows"]) == found


def test_the_list_is_filtered_by_unit(client, people, units, recorded):
    client.force_login(people.viivi)

    assert recorded.title in client.get("/toimenpiteet/?yksikko=keskusta").content.decode()
    assert recorded.title not in client.get("/toimenpiteet/?yksikko=psyk").content.decode()
    assert client.get("/toimenpiteet/?yksikko=nonsense").status_code == 404


def test_what_was_written_cannot_become_markup(client, people, figures, plan, at):
    measure = actions.record_measure(
        plan.__class__(**{**vars(plan), "title": "<script>alert(1)</script>"}), by=people.aino, at=at
    )
    client.force_login(people.viivi)

    for url in ("/toimenpiteet/", f"/toimenpiteet/{measure.pk}/"):
        assert "<script>alert" not in client.get(url).content.decode()


def test_the_queries_do_not_grow_with_the_list(client, people, recorded):
    client.force_login(people.viivi)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/toimenpiteet/")
        return len(captured)

    before = queries()
    alike = Measure.objects.values().get()
    del alike["id"]
    Measure.objects.bulk_create(Measure(**alike) for _ in range(60))

    assert queries() == before <= 12


def test_a_measure_of_an_area_rests_on_its_units_figures(people, units, plan, at):
    from palauteketju.organisation.models import Role

    Role.objects.create(person=people.outi, unit=units.health, kind=Role.Kind.HANDLER)
    close(answers(units.keskusta, 6), answers(units.psyk, 7), on=MONDAY)

    of_area = plan.__class__(**{**vars(plan), "unit": units.health, "stream": "thl-2/nps"})
    assert actions.record_measure(of_area, by=people.outi, at=at).n == 13


def test_a_measure_is_read_aloud_in_its_language_in_the_list_and_on_its_page(client, people, recorded):
    client.force_login(people.aino)

    listed = client.get("/toimenpiteet/?kieli=sv").content.decode()
    own = client.get(f"/toimenpiteet/{recorded.pk}/?kieli=sv").content.decode()

    assert f'lang="fi">{recorded.title}</a>' in listed
    assert f'<dd lang="fi">{recorded.responsible}</dd>' in own


def test_the_form_tells_in_which_language_to_write(client, people, figures):
    client.force_login(people.aino)

    assert "Skriv på finska" in client.get("/toimenpiteet/uusi/?kieli=sv").content.decode()
