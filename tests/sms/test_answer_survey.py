"""Answering a survey at /v/<token>/, the link of a text message."""

import logging
import re
from io import StringIO

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.intake.models import Feedback
from palauteketju.organisation import rules
from palauteketju.project.logs import WordlessFormatter
from palauteketju.sms.models import Invitation

ANSWERS = {"answers.nps": "9", "answers.caring": "5", "answers.information": "na", "text": ""}


@pytest.fixture
def a_county_that_answers(tmp_path, settings):
    settings.COUNTY_FILE = tmp_path / "county.toml"
    settings.COUNTY_FILE.write_text("[contact_request]\nsms = true\n", encoding="utf-8")
    rules.county_rules.cache_clear()
    yield
    settings.COUNTY_FILE = None
    rules.county_rules.cache_clear()


def sent(client, url, **changes):
    """Fill the form in as it was shown, and send it."""
    shown = client.get(url).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown))
    return client.post(url, hidden | ANSWERS | changes)


def text_of(response):
    return response.content.decode()


def test_it_works(client, units, invited):
    url = invited()
    response = sent(client, url, text="Ystävällistä.")

    assert response.status_code == 200
    feedback = Feedback.objects.get()
    assert (feedback.unit, feedback.channel, feedback.language) == (units.keskusta, "sms", "fi")
    assert feedback.answers == {"nps": "9", "caring": "5", "information": "na"}
    assert feedback.text == "Ystävällistä."
    assert re.search(r'<p class="code">\d{4} \d{4} \d{4} \d{4}</p>', text_of(response))


def test_the_form_asks_only_the_countys_few_questions(client, invited):
    shown = text_of(client.get(invited()))

    assert set(re.findall(r'name="(answers\.\w+)"', shown)) == {
        "answers.nps",
        "answers.caring",
        "answers.information",
    }
    assert 'name="wants_answer"' not in shown
    assert "Keskustan terveysasema" in shown


def test_a_text_is_triaged_like_any_other(client, invited):
    sent(client, invited(), text="Lääkitys meni väärin.")

    feedback = Feedback.objects.get()
    assert feedback.triage_due
    assert ProcrastinateJob.objects.get(task_name="palauteketju.triage").args == {"feedback_id": feedback.pk}


def test_the_thanks_tell_where_an_answer_can_be_asked_for(client, invited):
    assert 'href="/p/keskusta/"' in text_of(sent(client, invited()))


def test_an_answer_cannot_be_asked_for_here(client, invited):
    response = sent(client, invited(), wants_answer="yes", way="phone", phone="0401234567")

    assert response.status_code == 422
    assert not Feedback.objects.exists()


def test_a_county_may_offer_an_answer(client, invited, a_county_that_answers):
    url = invited()
    assert 'name="wants_answer"' in text_of(client.get(url))

    thanks = text_of(sent(client, url, wants_answer="yes", way="receipt"))
    assert Feedback.objects.get().wants_answer
    assert 'class="lead"' in thanks
    assert "/p/keskusta/" not in thanks


def test_the_log_does_not_tell_the_link(client, invited):
    url, told = invited(), StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(WordlessFormatter())
    logging.getLogger("django.request").addHandler(handler)
    try:
        sent(client, url, **{"answers.nps": ""})
    finally:
        logging.getLogger("django.request").removeHandler(handler)

    assert "/v/…/" in told.getvalue()
    assert url not in told.getvalue()


def test_a_second_send_is_the_same_feedback(client, invited):
    url = invited()
    form = client.get(url)
    first = text_of(sent(client, url))
    mark = re.search(r'name="mark" value="(\w+)"', text_of(form))[1]
    second = text_of(client.post(url, ANSWERS | {"answers.nps": "0", "mark": mark, "language": "fi"}))

    assert Feedback.objects.get().answers["nps"] == "9"
    code = r"\d{4} \d{4} \d{4} \d{4}"
    assert re.search(code, first)[0] == re.search(code, second)[0]
    assert first != second


def test_whoever_opens_the_link_later_learns_nothing_of_the_answer(client, invited):
    url = invited()
    code = re.search(r"\d{4} \d{4} \d{4} \d{4}", text_of(sent(client, url)))[0]

    for response in (client.get(url), client.post(url, ANSWERS)):
        assert response.status_code == 200
        assert code not in text_of(response)
        assert 'name="mark"' not in text_of(response)
    assert Feedback.objects.count() == 1


def test_a_send_without_the_forms_mark_stores_nothing(client, invited):
    response = client.post(invited(), ANSWERS | {"mark": "väärä"})

    assert 'name="mark"' in text_of(response)
    assert not Feedback.objects.exists()


def test_a_missing_answer_keeps_what_was_written(client, invited):
    response = sent(client, invited(), **{"answers.nps": "", "text": "Jonotin kauan."})

    assert response.status_code == 422
    assert "Jonotin kauan." in text_of(response)
    assert 'href="#id_answers.nps_0"' in text_of(response)
    assert not Feedback.objects.exists()


def test_a_question_that_was_not_asked_is_not_taken(client, invited):
    sent(client, invited(), **{"answers.access": "5"})

    assert "access" not in Feedback.objects.get().answers


@pytest.mark.parametrize(
    "typed", ["/v/aaaaaaaaaaaaaa/", "/v/%C3%A4%C3%B6/", "/v/x/", "/v/" + "a" * 3000 + "/"]
)
def test_a_link_that_nobody_was_sent_leads_to_the_ordinary_form(client, units, typed):
    response = client.get(typed)

    assert response.status_code == 404
    assert 'class="button" href="/"' in text_of(response)


def test_a_link_that_has_run_out_does_too(client, invited):
    url = invited(days_ago=30)

    for response in (client.get(url), client.post(url, ANSWERS)):
        assert response.status_code == 410
        assert 'class="button" href="/"' in text_of(response)
    assert not Feedback.objects.exists()


def test_capital_letters_and_a_missing_slash_are_forgiven(client, invited):
    assert client.get(invited().upper().replace("/V/", "/v/").rstrip("/")).status_code == 200


def test_the_language_is_the_messages_whatever_the_phone_speaks(client, invited):
    response = client.get(invited(language="sv"), headers={"Accept-Language": "en"})

    assert '<html lang="sv">' in text_of(response)
    assert response["Content-Language"] == "sv"


def test_another_language_can_be_chosen_and_is_kept(client, invited):
    url = invited(language="sv")
    response = sent(client, f"{url}?kieli=en")

    assert '<html lang="en">' in text_of(response)
    assert Feedback.objects.get().language == "en"


def test_a_sensitive_unit_is_not_named_on_any_page(client, units, invited):
    url = invited(unit="psyk")
    pages = [client.get(url), sent(client, url, **{"answers.nps": ""}), sent(client, url), client.get(url)]

    for page in map(text_of, pages):
        assert "sykiatri" not in page
        assert "psyk" not in page
    assert Feedback.objects.get().unit == units.psyk


def test_the_page_is_kept_by_no_one(client, invited):
    response = client.get(invited())

    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "private, no-store"
    assert Invitation.objects.count() == 1
