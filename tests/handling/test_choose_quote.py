"""Choosing a quote at /palautteet/<id>/lainaus/, and taking it back at /lainaukset/."""

from datetime import timedelta

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, handover
from palauteketju.handling.errors import QuoteAlreadyChosen
from palauteketju.handling.excerpts import review
from palauteketju.handling.models import Quote

DAY = timedelta(days=1)
TEXT = "Kiitos hoitaja Kaisalle. Vastaanotto oli siisti mutta odotin kaksi tuntia. Numeroni on 040 123 4567."


@pytest.fixture
def feedback(give):
    return give(TEXT, language="fi", kind="thanks")


@pytest.fixture
def url(feedback):
    return f"/palautteet/{feedback.pk}/lainaus/"


@pytest.fixture
def aino(english, people):
    english.force_login(people.aino)
    return english


def choose(client, url, text="Vastaanotto oli siisti.", kind="thanks", **more):
    return client.post(url, {"text": text, "kind": kind, **more})


def test_it_works(aino, people, feedback, url):
    assert choose(aino, url).url == "/lainaukset/"

    quote = Quote.objects.get()
    assert (quote.text, quote.kind, quote.unit) == ("Vastaanotto oli siisti.", "thanks", feedback.unit)
    assert (quote.approved_by, quote.feedback, quote.released_at) == (people.aino, feedback, None)
    entry = Entry.objects.get(action="handling.quote.approved")
    assert entry.actor == people.aino
    assert "siisti" not in str(entry.facts)
    assert "Vastaanotto oli siisti." in aino.get("/lainaukset/").content.decode()


def test_the_proposal_is_masked_and_says_what_was(aino, url):
    page = aino.get(url).content.decode()
    assert "<mark>Kaisalle</mark>" in page
    assert "<mark>040 123 4567</mark>" in page
    assert "Kiitos hoitaja [nimi]. Vastaanotto" in page.split("<textarea")[1]
    assert "Kaisalle" not in page.split("<textarea")[1]
    assert "What is marked is masked" in page


def test_where_nothing_was_found_no_mask_is_spoken_of(aino, give):
    page = aino.get(f"/palautteet/{give('Vastaanotto oli siisti.', language='fi').pk}/lainaus/")
    assert "The program found nothing to mask." in page.content.decode()
    assert "What is marked" not in page.content.decode()


def test_reading_it_leaves_a_trace(aino, feedback, url):
    aino.get(url)
    assert Entry.objects.get(action="handling.feedback_list.read").facts == {"feedback": str(feedback.pk)}


def test_a_colleagues_name_is_masked(aino, people, give):
    people.jaana.last_name = "Xhemajl"
    people.jaana.save()
    page = aino.get(f"/palautteet/{give('kiitos xhemajlille', language='fi').pk}/lainaus/").content.decode()
    assert "<mark>xhemajlille</mark>" in page


def test_a_number_to_call_is_refused_even_when_confirmed(aino, url):
    page = choose(aino, url, "Numeroni on 040 123 4567.", checked="on")
    assert "Mask this first: 040 123 4567" in page.content.decode()
    assert not Quote.objects.exists()


def test_a_name_is_approved_only_after_a_second_look(aino, url):
    page = choose(aino, url, "Kiitos hoitaja Kaisalle.").content.decode()
    assert "This may tell who somebody is:" in page
    assert not Quote.objects.exists()

    choose(aino, url, "Kiitos hoitaja Kaisalle.", checked="on")
    assert Quote.objects.exists()


def test_words_that_the_customer_did_not_write_are_told(aino, url):
    page = choose(aino, url, "Vastaanotto oli todella siisti.").content.decode()
    assert "These words are not in the feedback:" in page
    assert "<strong>todella</strong>" in page
    assert not Quote.objects.exists()


def test_a_mask_and_fewer_words_are_still_an_excerpt(feedback):
    found = review("Kiitos hoitaja [nimi]. … odotin", original=feedback.text, language="fi")
    assert found.is_clean


def test_a_word_said_once_cannot_be_quoted_twice(feedback):
    assert review("siisti siisti", original=feedback.text, language="fi").added == ["siisti"]


@pytest.mark.parametrize("data", [{"text": ""}, {"text": "x " * 400}, {"kind": ""}, {"kind": "question"}])
def test_what_is_missing_or_too_much_is_asked_for(aino, url, data):
    assert choose(aino, url, **{"text": "siisti", "kind": "idea"} | data).status_code == 422
    assert not Quote.objects.exists()


def test_a_button_pressed_twice_chooses_one_quote(aino, url):
    assert [choose(aino, url).url for _ in range(2)] == ["/lainaukset/"] * 2
    assert Quote.objects.count() == 1


def test_a_feedback_has_one_quote_at_a_time(aino, people, feedback, url, at):
    choose(aino, url)
    assert "Withdraw it before you choose another" in aino.get(url).content.decode()
    response = choose(aino, url, "odotin")
    assert response.status_code == 409
    assert "odotin</p>" in response.content.decode()
    assert Quote.objects.count() == 1
    with pytest.raises(QuoteAlreadyChosen):
        actions.approve_quote(feedback, text="odotin", kind="criticism", by=people.eero, at=at)

    aino.post(f"/lainaukset/{Quote.objects.get().pk}/peru/")
    choose(aino, url, "odotin kaksi tuntia", "criticism")
    assert Quote.objects.filter(withdrawn_at=None).get().text == "odotin kaksi tuntia"


def test_withdrawing_leaves_a_trace_once(people, feedback, at):
    quote = actions.approve_quote(feedback, text="siisti", kind="thanks", by=people.aino, at=at)
    actions.withdraw_quote(quote, by=people.eero, at=at)
    actions.withdraw_quote(quote, by=people.aino, at=at)
    assert Entry.objects.get(action="handling.quote.withdrawn").actor == people.eero


@pytest.mark.parametrize("name", ["outi", "mikko", "jaana", "viivi", "aada", "petra"])
def test_for_others_it_does_not_exist(client, people, feedback, url, at, name):
    quote = actions.approve_quote(feedback, text="siisti", kind="thanks", by=people.aino, at=at)
    client.force_login(getattr(people, name))
    assert client.get(url).status_code == 404
    assert choose(client, url).status_code == 404
    assert client.post(f"/lainaukset/{quote.pk}/peru/").status_code == 404
    quote.refresh_from_db()
    assert not quote.is_withdrawn


def test_ratings_alone_have_no_words_to_quote(aino, give):
    assert aino.get(f"/palautteet/{give('').pk}/lainaus/").status_code == 404


def test_what_is_handed_over_is_unit_kind_and_text_alone(people, feedback, at):
    actions.approve_quote(feedback, text="siisti", kind="thanks", by=people.aino, at=at)
    assert handover.units_with_new_quotes() == ["keskusta"]
    recorded = feedback.recorded_at
    too_early, too_late = (recorded, recorded + DAY), (recorded - 2 * DAY, recorded - DAY)
    assert handover.new_quotes({"keskusta": [too_late, too_early]}, at=at) == []
    (told,) = handover.new_quotes({"keskusta": [too_late, (recorded - DAY, recorded)]}, at=at)
    assert {name: getattr(told, name) for name in told.__slots__} == {
        "unit": "keskusta",
        "kind": "thanks",
        "text": "siisti",
    }
    assert handover.units_with_new_quotes() == []
    assert handover.new_quotes({"keskusta": [(recorded - DAY, recorded)]}, at=at) == []


def test_a_quote_that_is_too_long_is_told_and_never_cut_by_the_browser(aino, url):
    assert "maxlength" not in aino.get(url).content.decode()

    page = choose(aino, url, "siisti " * 90).content.decode()
    assert "The quote is too long. At most 600 characters fit." in page
