"""The form of a unit: /p/<code>/."""

import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from palauteketju.intake import nonces
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.intake.pages import form_page
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.deadlines import promised_answer

URL = "/p/keskusta/?kieli=en"


def test_it_works(client, units, sound, stored):
    response = client.post("/p/keskusta/", sound() | {"text": "Kiitos hoidosta", "kind": "thanks"})

    assert response.status_code == 200
    assert re.search(r'<p class="code">\d{4} \d{4} \d{4} \d{4}</p>', response.content.decode())
    feedback = stored()
    assert feedback.unit == units.keskusta
    assert feedback.answers == {"nps": "9", "access": "5", "caring": "na"}
    assert feedback.text == "Kiitos hoidosta"
    assert feedback.kind == "thanks"
    assert feedback.channel == "web"
    assert feedback.language == "en"
    assert feedback.respondent == "customer"


def test_the_form_has_all_questions_and_nothing_chosen(client, units):
    page = client.get(URL).content.decode()
    assert page.count('type="radio" name="answers.nps"') == 11
    assert page.count("<fieldset") >= 8
    assert "checked" not in page
    assert "Keskustan terveysasema en" in page
    assert "Wrong unit?" in page
    assert "112" in page


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_first_visit_is_light(client, units, language):
    response = client.get("/p/keskusta/", headers={"accept-language": language})
    page = response.content.decode()
    requests = re.findall(r'(?:src|href)="((?!data:|#)[^"]+\.(?:css|js|svg|png|woff2?|ico))"', page)
    assert len(requests) == 1
    css = client.get(requests[0]).content
    assert len(response.content) < 22_000
    assert len(response.content) + len(css) < 40_000


def test_a_customer_gets_no_cookie(client, units, sound):
    client.get("/p/keskusta/")
    client.post("/p/keskusta/", sound("/p/keskusta/"))
    assert not client.cookies


def test_each_visitor_gets_a_form_of_its_own(units, client, form):
    assert form()["nonce"] != form()["nonce"]
    assert "no-cache" in client.get(URL)["Cache-Control"]


def test_the_page_kept_from_one_visitor_shows_nothing_of_it_to_the_next(client, units):
    client.get("/p/keskusta/?kieli=en&nimi=Matti")
    assert "Matti" not in client.get(URL).content.decode()


def test_a_renamed_unit_shows_its_new_name(client, change):
    client.get(URL)
    change(name_en="New name")
    assert "New name" in client.get(URL).content.decode()


@pytest.mark.parametrize("code", ["keskusta", "KESKUSTA", "Keskusta"])
def test_the_code_may_be_typed_in_any_case(client, units, code):
    assert client.get(f"/p/{code}/").status_code == 200


def test_the_last_slash_may_be_left_out(client, units):
    assert client.get("/p/keskusta").status_code == 200


@pytest.mark.parametrize(("word", "channel"), [("qr", "qr"), ("kiosk", "kiosk"), ("zzz", "web")])
def test_the_address_tells_the_channel(client, sound, stored, word, channel):
    page = client.get(f"/p/keskusta/?k={word}").content.decode()
    action = re.search(r'<form method="post" action="([^"]+)"', page)[1]
    client.post(action, sound(f"/p/keskusta/?k={word}"))
    assert stored().channel == channel


def test_a_kiosk_asks_for_no_contact_details(client, units, sound):
    page = client.get("/p/keskusta/?k=kiosk").content.decode()
    assert "wants_answer" not in page
    contact = {"wants_answer": "yes", "way": "phone", "phone": "0401234567"}
    response = client.post("/p/keskusta/?k=kiosk&kieli=en", sound("/p/keskusta/?k=kiosk&kieli=en") | contact)
    assert response.status_code == 422
    assert "cannot be asked for" in response.content.decode()
    assert not Feedback.objects.exists()


# --- Saying that it needs attention now

AT_ONCE = "The unit is told at once and acts without delay. In an emergency call 112."


@pytest.mark.parametrize("contact", [{}, {"wants_answer": "yes", "way": "receipt"}])
def test_what_needs_attention_now_is_promised_it(client, sound, contact):
    page = client.post("/p/keskusta/", sound() | {"needs_attention": "on"} | contact).content.decode()
    assert AT_ONCE in page
    assert ("We answer by" in page) == bool(contact)
    assert "every week" not in page


def test_what_can_wait_is_gone_through_weekly(client, sound):
    # The page kept from who was in a hurry is not shown to who is not.
    client.post("/p/keskusta/", sound() | {"needs_attention": "on"})
    page = client.post("/p/keskusta/", sound()).content.decode()
    assert AT_ONCE not in page
    assert "The unit goes through the feedback every week" in page


# --- Asking for an answer


def test_an_answer_by_email_is_promised_with_its_day(client, units, sound, stored):
    contact = {"wants_answer": "yes", "way": "email", "email": "matti@example.fi"}
    page = client.post("/p/keskusta/", sound() | contact).content.decode()
    feedback = stored()
    assert feedback.wants_answer
    with translation.override("en"):
        assert f"We answer by {day_in_words(promised_answer(feedback.arrived_at, is_urgent=False))}" in page
    assert ContactRequest.objects.get().reveal() == "matti@example.fi"


@pytest.mark.parametrize(
    ("fields", "way", "value"),
    [
        ({"way": "receipt"}, "receipt", ""),
        ({"way": "phone", "phone": "040 123 4567"}, "phone", "+358401234567"),
        ({"way": "sms", "mobile": "040 123 4567"}, "sms", "+358401234567"),
        ({"way": "letter", "address": "Matti\nKatu 1"}, "letter", "Matti\nKatu 1"),
        # Details alone tell the way.
        ({"email": "matti@example.fi"}, "email", "matti@example.fi"),
    ],
)
def test_each_way_of_answering(client, sound, fields, way, value):
    client.post("/p/keskusta/", sound() | {"wants_answer": "yes"} | fields)
    contact = ContactRequest.objects.get()
    assert (contact.way, contact.reveal()) == (way, value)


def test_details_are_forgotten_when_no_answer_is_wanted_after_all(client, units, sound, stored):
    client.post("/p/keskusta/", sound() | {"wants_answer": "no", "way": "email", "email": "matti@example.fi"})
    assert not stored().wants_answer
    assert not ContactRequest.objects.exists()


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        ({"wants_answer": "yes"}, "way"),
        ({"wants_answer": "yes", "way": "email"}, "email"),
        ({"wants_answer": "yes", "way": "email", "email": "matti"}, "email"),
        ({"wants_answer": "yes", "way": "phone", "phone": "12"}, "phone"),
        ({"wants_answer": "yes", "way": "sms", "mobile": "02 123 4567"}, "mobile"),
        ({"wants_answer": "yes", "way": "sms", "mobile": "+46 70 123 45 67"}, "mobile"),
        ({"wants_answer": "yes", "way": "letter", "address": " "}, "address"),
        ({"wants_answer": "yes", "way": "pigeon"}, "way"),
    ],
)
def test_contact_details_that_cannot_be_right(client, units, sound, contact, field):
    response = client.post("/p/keskusta/", sound() | contact)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not Feedback.objects.exists()


def test_a_text_message_is_offered_only_where_the_county_sends_some(client, units, sound, settings):
    assert "By text message" in client.get("/p/keskusta/?kieli=en").content.decode()
    # Pages are kept as long as the process runs, and so is the gateway outside tests.
    form_page.cache_clear()
    settings.SMS_GATEWAY = "none"
    assert "By text message" not in client.get("/p/keskusta/?kieli=en").content.decode()

    contact = {"wants_answer": "yes", "way": "sms", "mobile": "040 123 4567"}
    page = client.post("/p/keskusta/?kieli=en", sound() | contact).content.decode()
    form_page.cache_clear()
    assert "Choose another way." in page
    assert not Feedback.objects.exists()


# --- What is wrong


def test_without_the_recommendation_everything_typed_comes_back(client, units, form):
    typed = {
        "answers.access": "4",
        "text": "Pitkä <b>kirje</b>",
        "kind": "idea",
        "role": "relative",
        "assisted": "on",
        "needs_attention": "on",
        "wants_answer": "yes",
        "way": "email",
        "email": "matti@example.fi",
    }
    response = client.post("/p/keskusta/", form() | typed)
    page = response.content.decode()

    assert response.status_code == 422
    assert 'role="alert" tabindex="-1" autofocus' in page
    assert 'href="#id_answers.nps_0"' in page
    assert 'id="id_answers.nps_error"' in page
    assert "Pitkä &lt;b&gt;kirje&lt;/b&gt;" in page
    assert "matti@example.fi" in page
    chosen = re.findall(r'name="([a-z_.]+)"[^>]*\schecked', page)
    assert sorted(chosen) == sorted(set(typed) - {"text", "email"})


def test_the_same_form_goes_through_once_mended(client, units, form, ratings):
    sent = form()
    client.post("/p/keskusta/", sent)
    assert client.post("/p/keskusta/", sent | ratings).status_code == 200


@pytest.mark.parametrize("value", ["11", "-1", "9.0", "yhdeksän", "٩"])
def test_an_answer_that_is_no_choice(client, units, form, value):
    assert client.post("/p/keskusta/", form() | {"answers.nps": value}).status_code == 422


def test_a_text_that_is_too_long_comes_back_whole(client, units, sound):
    text = "ä" * 1_000_000
    response = client.post("/p/keskusta/", sound("/p/keskusta/") | {"text": text})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Teksti on liian pitkä: 1\u00a0000\u00a0000 merkkiä" in page
    assert text in page


def test_bytes_that_are_no_utf8(client, units, sound):
    fields = sound()
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode() + b"&text=Kiitos+%E4iti"
    response = client.post("/p/keskusta/", body, content_type="application/x-www-form-urlencoded")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Kiitos \ufffditi" in page
    assert "cannot be read" in page
    assert not Feedback.objects.exists()


def test_more_than_any_form_holds(client, units, sound):
    response = client.post("/p/keskusta/", sound() | {"text": "a" * 5_000_000})
    assert response.status_code == 413
    assert "too much" in response.content.decode().lower()


@pytest.mark.parametrize("mark", ["", "zzz", "A" * 48, "ä"])
def test_a_forged_mark_gets_a_fresh_one_and_the_text_back(client, units, sound, mark):
    response = client.post("/p/keskusta/", sound() | {"text": "Pitkä kirje", "nonce": mark})
    page = response.content.decode()
    assert response.status_code == 400
    assert "Pitkä kirje" in page
    fresh = re.search(r'name="nonce" value="([^"]+)"', page)[1]
    assert client.post("/p/keskusta/", sound() | {"nonce": fresh}).status_code == 200
    assert Feedback.objects.count() == 1


def test_a_form_that_was_open_for_a_week_is_sent_again(client, units, sound, at):
    response = client.post("/p/keskusta/", sound() | {"nonce": nonces.make(at - timedelta(days=400))})
    assert response.status_code == 400
    assert "more than a week" in response.content.decode()


def test_sending_twice_is_one_feedback(client, units, sound):
    sent = sound()
    codes = [
        re.search(r'class="code">([\d ]+)<', client.post("/p/keskusta/", sent).content.decode())[1]
        for _ in "ab"
    ]
    assert codes[0] == codes[1]
    assert Feedback.objects.count() == 1
    again = client.post("/p/keskusta/", sent).content.decode()
    assert "already been sent" in again
    assert 'href="/p/keskusta/"' in again


def test_a_filled_trap_is_refused_and_emptied(client, units, sound):
    response = client.post("/p/keskusta/", sound() | {"website": "http://spam.example", "text": "Kirje"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "http://spam.example" not in page
    assert "Kirje" in page
    assert not Feedback.objects.exists()


def test_the_form_is_answered_in_its_own_language(client, units, form):
    sent = form("/p/keskusta/?kieli=sv")
    client.cookies.clear()
    response = client.post("/p/keskusta/", sent, headers={"accept-language": "en"})
    assert response["Content-Language"] == "sv"
    assert '<html lang="sv"' in response.content.decode()


def test_an_unknown_language_of_the_form(client, units, sound):
    response = client.post("/p/keskusta/", sound() | {"language": "xx", "text": "Kirje"})
    assert response.status_code == 422
    assert "Kirje" in response.content.decode()


@pytest.mark.parametrize("address", ["/?kieli=xx", "/p/keskusta/?kieli=xx"])
def test_an_unknown_language_of_the_address(client, units, address):
    response = client.get(address, headers={"accept-language": "sv"})
    assert response.status_code == 400
    assert response["Content-Language"] == "sv"


# --- Where there is no form


@pytest.mark.parametrize("code", ["nowhere", "terveys", "sata", "%C3%A4%C3%A4", "a" * 500])
def test_an_unknown_code_an_area_and_the_county_have_no_form(client, units, code):
    response = client.get(f"/p/{code}/?kieli=en")
    assert response.status_code == 404
    assert "Find the unit" in response.content.decode()


def test_a_closed_unit_says_so_and_where_to_go_on(client, change):
    change(active_to=date(2026, 1, 31))
    response = client.get(URL)
    assert response.status_code == 410
    assert "Sat\u00a031\u00a0Jan\u00a02026" in response.content.decode()
    assert 'href="/?alue=terveys"' in response.content.decode()


def test_a_unit_that_opens_later_says_when(client, change):
    change(active_from=date(2999, 1, 1))
    response = client.get(URL)
    assert response.status_code == 404
    assert "2999" in response.content.decode()


def test_what_was_written_to_a_unit_that_closed_meanwhile_is_given_back(client, units, sound, change):
    sent = sound() | {"text": "Pitkä kirje"}
    change(active_to=date(2026, 1, 31))
    response = client.post("/p/keskusta/", sent)
    assert response.status_code == 410
    assert "Pitkä kirje" in response.content.decode()
    assert not Feedback.objects.exists()


def test_a_feedback_received_before_the_unit_closed_stays_received(client, units, sound, change):
    sent = sound()
    client.post("/p/keskusta/", sent)
    change(active_to=date(2026, 1, 31))
    assert client.post("/p/keskusta/", sent).status_code == 200


def test_other_methods_are_refused(client, units):
    assert client.put("/p/keskusta/").status_code == 405


def test_the_formal_ways_are_told(client, units):
    page = client.get("/muut-reitit/").content.decode()
    assert 'id="muistutus"' in page
    assert 'id="asiavastaava"' in page
    assert "Lupa- ja valvontavirasto" in page
