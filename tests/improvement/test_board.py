"""The board in the coffee room: /raportit/<unit>/taulu/, and on a screen by its key."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.handling import actions as handling
from palauteketju.handling import handover
from palauteketju.improvement import actions, boards
from palauteketju.improvement.errors import NotYours
from palauteketju.improvement.models import BoardKey
from palauteketju.insight.actions import close_blocks, release_quotes
from palauteketju.intake.handover import counts_recorded
from palauteketju.intake.models import Feedback
from tests.insight.answers import answers, close, give

pytestmark = pytest.mark.django_db

URL = "/raportit/keskusta/taulu/"


@pytest.fixture
def now():
    """Pages look at the clock; the figures must be of its week."""
    return timezone.now()


@pytest.fixture
def week(units, now):
    close(
        answers(units.keskusta, 12),
        answers(units.keskusta, 11, stream="kind", value="thanks"),
        answers(units.keskusta, 4, stream="kind", value="criticism"),
        answers(units.psyk, 9),
        on=now - timedelta(days=1),
    )


@pytest.fixture
def token(units, people, now):
    return boards.open_board(units.keskusta, by=people.aino, at=now)


def test_it_works(client, week, token):
    response = client.get(f"{URL}{token}/")

    page = response.content.decode()
    assert "+100" in page
    assert ">11<" in page
    assert page.count("<h1>") == 1
    assert "no-store" in response["Cache-Control"]
    assert "Set-Cookie" not in response


@pytest.mark.parametrize("who", ["aino", "jaana", "mikko", "viivi"])
def test_who_works_there_sees_it_signed_in(client, people, week, who):
    client.force_login(getattr(people, who))

    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("who", ["outi", "aada", "petra"])
def test_another_units_board_does_not_exist(client, people, week, who):
    client.force_login(getattr(people, who))

    assert client.get(URL).status_code == 404
    assert client.post(f"{URL}avaa/").status_code == 404


def test_a_visitor_needs_the_whole_address(client, week, token):
    assert client.get(URL).status_code == 302
    for wrong in ("x", token[:-1], token.lower() + "A"):
        assert client.get(f"{URL}{wrong}/").status_code == 404
    assert client.get(f"/raportit/psyk/taulu/{token}/").status_code == 404


def test_what_the_public_may_not_see_is_not_there(client, units, people, week, now):
    token = boards.open_board(units.psyk, by=people.mikko, at=now)

    page = client.get(f"/raportit/psyk/taulu/{token}/").content.decode()

    # Nine answers: a block inside the county, and none for the public.
    assert "+100" not in page
    assert "stat-figure" not in page


def test_only_approved_measures_that_are_under_way(client, units, people, token, plan, figures, at):
    recorded = actions.record_measure(plan, by=people.aino, at=at)
    assert plan.title not in client.get(f"{URL}{token}/").content.decode()

    actions.approve_measure(recorded.pk, by=people.viivi, at=at)
    page = client.get(f"{URL}{token}/", {"kieli": "sv"}).content.decode()
    assert f'<span lang="fi">{plan.title}</span>' in page

    actions.complete_measure(recorded.pk, effect="Tehty.", by=people.aino, at=at)
    assert plan.title not in client.get(f"{URL}{token}/").content.decode()


def test_a_quiet_unit_shows_its_newest_public_figure(units, now):
    close(answers(units.keskusta, 12), on=now - timedelta(days=40))

    board = boards.board_of(units.keskusta, today=now.date())
    assert board.recommendation.figure == "+100"
    assert board.thanks.figure == ""


def test_opening_shows_the_address_once(client, people, units):
    client.force_login(people.aino)

    page = client.post(f"{URL}avaa/").content.decode()

    key = BoardKey.objects.get()
    assert key.made_by == people.aino
    address = next(line for line in page.splitlines() if "/taulu/" in line and "code" in line)
    token = address.split("/taulu/")[1].split("/")[0]
    assert client.get(f"{URL}{token}/").status_code == 200
    assert token not in str(list(BoardKey.objects.values())) + str(list(Entry.objects.values()))
    assert token not in client.get("/raportit/keskusta/").content.decode()


def test_a_new_address_closes_the_old_one(client, units, people, token, now):
    new = boards.open_board(units.keskusta, by=people.eero, at=now)

    assert client.get(f"{URL}{token}/").status_code == 404
    assert client.get(f"{URL}{new}/").status_code == 200
    assert BoardKey.objects.filter(revoked_at__isnull=True).count() == 1


def test_closing_it(client, people, token):
    client.force_login(people.mikko)
    client.post(f"{URL}sulje/")
    client.post(f"{URL}sulje/")

    assert client.get(f"{URL}{token}/").status_code == 404
    actions_told = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    # The second press changed nothing and leaves no trace.
    assert actions_told == ["improvement.board.opened", "improvement.board.closed"]


@pytest.mark.parametrize("who", ["jaana", "viivi"])
def test_only_handlers_and_managers_open_it(client, people, units, now, who):
    person = getattr(people, who)
    client.force_login(person)

    assert client.post(f"{URL}avaa/").status_code == 404
    with pytest.raises(NotYours):
        boards.open_board(units.keskusta, by=person, at=now)
    assert "avaa" not in client.get("/raportit/keskusta/").content.decode()


# The week's thanks in a customer's own words


@pytest.fixture
def thank(units, people, now):
    """A comment with these words among so many, approved as a quote of this kind; then the morning's tick."""

    def thank(*words, others, kind="thanks", on=now - timedelta(days=1)):
        asked = on - timedelta(hours=30)
        give(units.keskusta, at=asked, n=others, text="Muuta.")
        for said in words:
            give(units.keskusta, at=asked, text=said)
            feedback = Feedback.objects.filter(text=said).latest("pk")
            handling.approve_quote(feedback, text=said, kind=kind, by=people.aino, at=asked)
        close_blocks(counts_recorded, at=on)
        return release_quotes(handover, at=on)

    return thank


def test_a_thank_in_a_customers_own_words(client, token, thank):
    assert thank("Hoitaja kuunteli rauhassa.", others=9) == 1

    page = client.get(f"{URL}{token}/").content.decode()
    assert '<blockquote lang="fi">Hoitaja kuunteli rauhassa.</blockquote>' in page


def test_a_visitor_reads_none_of_fewer_comments_than_the_public_is_promised(
    client, units, people, token, thank
):
    """Seven comments: enough for the report of those who work there, too few for a visitor."""
    assert thank("Hoitaja kuunteli rauhassa.", others=6) == 1

    assert "blockquote" not in client.get(f"{URL}{token}/").content.decode()
    client.force_login(people.jaana)
    assert "blockquote" not in client.get(URL).content.decode()


@pytest.mark.parametrize(("words", "kind"), [("Aula on kylmä.", "criticism"), ("Kiitos. " * 21, "thanks")])
def test_neither_criticism_nor_what_is_too_long_to_read(client, token, thank, words, kind):
    assert thank(words.strip(), others=9, kind=kind) == 1

    assert "blockquote" not in client.get(f"{URL}{token}/").content.decode()


def test_the_thanks_of_an_earlier_week_are_gone(client, token, thank, now):
    assert thank("Hoitaja kuunteli rauhassa.", others=9, on=now - timedelta(days=8)) == 1

    assert "blockquote" not in client.get(f"{URL}{token}/").content.decode()


def test_another_one_each_day(units, thank, now):
    thank("Kiitos 0.", "Kiitos 1.", "Kiitos 2.", others=9)
    told = {
        boards.board_of(units.keskusta, today=(now + timedelta(days=day)).date()).quote for day in range(3)
    }

    assert told == {"Kiitos 0.", "Kiitos 1.", "Kiitos 2."}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_language(client, week, token, language):
    assert f'<html lang="{language}"' in client.get(f"{URL}{token}/?kieli={language}").content.decode()


def test_it_reads_itself_anew(client, token):
    page = client.get(f"{URL}{token}/").content.decode()

    address = page.split('<script src="')[1].split('"')[0]
    script = client.get(address)
    assert script["Content-Type"].startswith("text/javascript")
    assert "immutable" in script["Cache-Control"]


def test_a_screen_speaks_the_language_of_the_measures_whatever_its_browser(client, token):
    foreign = {"Accept-Language": "en-GB"}

    as_is = client.get(f"{URL}{token}/", headers=foreign)
    chosen = client.get(f"{URL}{token}/?kieli=sv", headers=foreign)

    assert '<html lang="fi"' in as_is.content.decode()
    assert "Suositellaanko" in as_is.content.decode()
    assert as_is["Content-Language"] == "fi"
    assert '<html lang="sv"' in chosen.content.decode()


def test_who_opens_a_board_is_told_its_language(client, people, units):
    client.force_login(people.aino)

    assert "?kieli=sv" in client.post(f"{URL}avaa/?kieli=en").content.decode()
