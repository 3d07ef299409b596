"""Writing down what a customer gave on paper, by phone or on the spot: /kirjaa/."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.organisation.models import Unit

URL = "/kirjaa/keskusta/"


@pytest.fixture
def aino(client, people):
    client.force_login(people.aino)
    return people.aino


@pytest.fixture
def paper(form):
    def make(**more):
        today = timezone.localdate().isoformat()
        return form(URL) | {"channel": "paper", "language": "sv", "arrived_on": today} | more

    return make


def test_it_works(client, aino, units, paper, stored):
    response = client.post(URL, paper(**{"answers.nps": "3", "text": "Tack"}))
    assert response.status_code == 200
    assert re.search(r'class="code">\d{4} \d{4} \d{4} \d{4}<', response.content.decode())
    feedback = stored()
    assert (feedback.unit, feedback.channel, feedback.language, feedback.text) == (
        units.keskusta,
        "paper",
        "sv",
        "Tack",
    )


def test_the_trace_tells_who_wrote_it_down_and_nothing_of_what(client, aino, paper, stored):
    client.post(URL, paper(text="Salaisuus"))
    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.subject_id) == (
        "intake.feedback.keyed_in",
        aino,
        str(stored().pk),
    )
    assert "Salaisuus" not in str(entry.facts)


def test_a_member_of_the_work_community_may_too(client, people, paper):
    client.force_login(people.jaana)
    assert client.post(URL, paper(text="Kiitos")).status_code == 200


def test_the_recommendation_may_be_left_empty_on_paper(client, aino, paper, stored):
    client.post(URL, paper(text="Kiitos"))
    assert stored().answers == {}


def test_paper_of_an_earlier_day_counts_from_the_start_of_that_day(client, aino, paper, stored):
    day = timezone.localdate() - timedelta(days=10)
    client.post(URL, paper(text="Kiitos", arrived_on=day.isoformat()))
    arrived = timezone.localtime(stored().arrived_at)
    assert (arrived.date(), arrived.hour) == (day, 0)
    assert stored().recorded_at > stored().arrived_at


def test_feedback_of_today_arrived_now(client, aino, paper, stored):
    client.post(URL, paper(text="Kiitos"))
    assert stored().arrived_at == stored().recorded_at


def test_the_promised_day_is_told(client, aino, paper):
    day = timezone.localdate() - timedelta(days=10)
    fields = paper(arrived_on=day.isoformat(), wants_answer="yes", way="letter", address="Matti, Katu 1")
    page = client.post(URL + "?kieli=en", fields | {"text": "Hei"}).content.decode()
    assert "An answer is promised by" in page
    assert ContactRequest.objects.get().reveal() == "Matti, Katu 1"


def test_a_promise_of_a_day_gone_by_is_told_as_late(client, aino, paper):
    day = timezone.localdate() - timedelta(days=100)
    fields = paper(arrived_on=day.isoformat(), wants_answer="yes", way="receipt", text="Hei")
    page = client.post(URL + "?kieli=en", fields).content.decode()
    assert "the feedback is late already" in page
    assert "An answer is promised by" not in page


def test_whoever_keys_in_is_asked_of_the_customer(client, aino):
    page = client.get(URL + "?kieli=fi").content.decode()
    for asked in (
        "Haluaako asiakas vastauksen?",
        "Miten asiakas haluaa vastauksen?",
        "Kuka palautteen antoi?",
    ):
        assert asked in page
    for not_asked in ("Haluatko", "haluat vastauksen", "Kuka vastaa?", "Luen vastauksen"):
        assert not_asked not in page
    assert "Haluatko vastauksen?" in client.get("/p/keskusta/?kieli=fi").content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"channel": ""}, "channel"),
        ({"channel": "web"}, "channel"),
        ({"language": "xx"}, "language"),
        ({"arrived_on": ""}, "arrived_on"),
        ({"arrived_on": "eilen"}, "arrived_on"),
        ({"arrived_on": "2999-01-01"}, "arrived_on"),
        ({"arrived_on": "1999-01-01"}, "arrived_on"),
        ({"text": ""}, "text"),
        ({"wants_answer": "yes", "way": "email", "email": "matti"}, "email"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(client, aino, paper, fields, field):
    response = client.post(URL, paper(**{"text": "Kiitos", "kind": "thanks"} | fields))
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert re.search(r'value="thanks"[^>]* checked', page)
    assert not Feedback.objects.exists()


def test_saving_twice_is_one_feedback(client, aino, paper):
    fields = paper(text="Kiitos")
    client.post(URL, fields)
    client.post(URL, fields)
    assert Feedback.objects.count() == 1
    assert Entry.objects.count() == 1


def test_a_forged_mark_gets_a_fresh_one(client, aino, paper):
    response = client.post(URL, paper(text="Kiitos", nonce="zzz"))
    assert response.status_code == 422
    fresh = re.search(r'name="nonce" value="([^"]+)"', response.content.decode())[1]
    assert client.post(URL, paper(text="Kiitos", nonce=fresh)).status_code == 200


def test_the_units_are_ones_own(client, people, units):
    client.force_login(people.aino)
    page = client.get("/kirjaa/").content.decode()
    assert 'href="/kirjaa/keskusta/"' in page
    assert "/kirjaa/koti/" not in page


def test_a_closed_unit_is_not_offered(client, aino, units):
    Unit.objects.filter(code="keskusta").update(active_to=date(2020, 1, 1))
    assert "/kirjaa/keskusta/" not in client.get("/kirjaa/").content.decode()
    assert client.get(URL).status_code == 404


@pytest.fixture
def closed(units):
    """The unit closed ten days ago; the last day counts."""
    last_day = timezone.localdate() - timedelta(days=10)
    Unit.objects.filter(code="keskusta").update(active_to=last_day)
    return last_day


def test_what_was_given_before_the_unit_closed_is_still_written_down(client, aino, closed, paper, stored):
    page = client.get("/kirjaa/?kieli=en").content.decode()
    assert "Units that have closed" in page
    assert "The unit was open until" in client.get(URL + "?kieli=en").content.decode()
    response = client.post(URL, paper(text="Kiitos", arrived_on=closed.isoformat()))
    assert response.status_code == 200
    assert timezone.localtime(stored().arrived_at).date() == closed


def test_nothing_is_given_to_a_unit_after_it_closed(client, aino, closed, paper):
    for day in (closed + timedelta(days=1), timezone.localdate()):
        response = client.post(URL + "?kieli=en", paper(text="Kiitos", arrived_on=day.isoformat()))
        assert response.status_code == 422
        assert "The unit was not open on that day" in response.content.decode()
    assert not Feedback.objects.exists()


def test_nothing_is_given_to_a_unit_before_it_opened(client, aino, units, paper):
    opened = timezone.localdate() - timedelta(days=5)
    Unit.objects.filter(code="keskusta").update(active_from=opened)
    early = (opened - timedelta(days=1)).isoformat()
    assert client.post(URL, paper(text="Kiitos", arrived_on=early)).status_code == 422
    assert client.post(URL, paper(text="Kiitos", arrived_on=opened.isoformat())).status_code == 200


def test_a_unit_that_opens_later_is_not_there_yet(client, aino, units):
    tomorrow = timezone.localdate() + timedelta(days=1)
    Unit.objects.filter(code="keskusta").update(active_from=tomorrow)
    assert client.get(URL).status_code == 404


def test_a_unit_closed_for_more_than_a_year_is_gone(client, aino, units):
    Unit.objects.filter(code="keskusta").update(active_to=timezone.localdate() - timedelta(days=367))
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("who", ["outi", "mikko", "viivi", "aada", "petra"])
def test_others_do_not_find_it(client, people, who):
    client.force_login(getattr(people, who))
    assert client.get(URL).status_code == 404


def test_a_visitor_must_sign_in(client, units):
    assert client.get(URL).url == "/kirjaudu/?next=/kirjaa/keskusta/"


def test_a_forged_post_is_refused(people, paper, client):
    client.force_login(people.aino)
    fields = paper(text="Kiitos")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.aino)
    assert strict.post(URL, fields).status_code == 403
    assert not Feedback.objects.exists()


WRITTEN = {"text": "Pitkä paperipalaute.", "phone": "050 123 4567", "address": "Katu 1, Pori"}


def test_an_old_form_gives_back_what_was_keyed_in(people):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.aino)
    response = browser.post(URL, WRITTEN)
    page = response.content.decode()
    assert response.status_code == 403
    assert all(text in page for text in WRITTEN.values())
    assert f'href="{URL}"' in page


def test_a_session_that_ended_while_keying_in_gives_back_what_was_written(client, units):
    response = client.post(URL, WRITTEN)
    assert response.status_code == 403
    assert all(text in response.content.decode() for text in WRITTEN.values())
    assert not Feedback.objects.exists()


def test_a_role_lost_while_keying_in_gives_back_what_was_written(client, aino):
    aino.roles.all().delete()
    response = client.post(URL, WRITTEN)
    assert response.status_code == 404
    assert all(text in response.content.decode() for text in WRITTEN.values())


def test_the_hint_at_the_text_speaks_of_what_is_keyed_in(client, aino):
    page = client.get(URL, headers={"accept-language": "en"}).content.decode()
    assert "Leave out personal identity codes" in page
    assert "even if the customer gave them" in page
    assert "yourself" not in page
