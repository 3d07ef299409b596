"""Approved quotes in the reports: never before their block, never of fewer than k, gone when withdrawn."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from palauteketju.audit.models import Entry
from palauteketju.handling import actions as handling
from palauteketju.handling import handover
from palauteketju.insight import periods, queries, report_file, reports
from palauteketju.insight.actions import close_blocks, release_quotes
from palauteketju.insight.models import Block, Quote
from palauteketju.intake.handover import counts_recorded
from palauteketju.intake.models import Feedback
from palauteketju.operations import clock
from palauteketju.organisation.models import Unit
from tests.insight.answers import DAY, MONDAY, give

pytestmark = pytest.mark.django_db

YESTERDAY = MONDAY - timedelta(hours=18)


def approve(text, *, by, kind="thanks", at=YESTERDAY):
    """Approve the feedback whose whole text this is."""
    feedback = Feedback.objects.filter(text=text).latest("pk")
    return handling.approve_quote(feedback, text=text, kind=kind, by=by, at=at)


def tick(at):
    close_blocks(counts_recorded, at=at)
    return release_quotes(handover, at=at)


def shown():
    return sorted(Quote.objects.values_list("text", flat=True))


@pytest.fixture
def say(units):
    """Comments of one unit, one of them with these words."""

    def say(text, *, others=4, unit=units.keskusta, at=YESTERDAY):
        give(unit, at=at, n=1, text=text)
        if others:
            give(unit, at=at, n=others, text="Muuta.")

    return say


def test_it_works(say, people, units):
    say("Sinikello.")
    approve("Sinikello.", by=people.aino)
    assert tick(MONDAY) == 1

    quote = Quote.objects.get()
    assert (quote.text, quote.kind) == ("Sinikello.", "thanks")
    assert (quote.block.scope, quote.block.stream, quote.block.n) == ("keskusta", "comment", 5)
    assert queries.quotes_of(units.keskusta, MONDAY.date(), MONDAY.date())[0].text == "Sinikello."
    assert Entry.objects.get(action="insight.quotes.released").facts == {"released": 1, "withdrawn": 0}
    assert tick(MONDAY + timedelta(minutes=1)) == 0


def test_it_does_not_come_before_enough_comments_are_there(say, people):
    say("Sinikello.", others=3)
    approve("Sinikello.", by=people.aino)
    assert tick(MONDAY) == 0
    assert shown() == []

    say("Viides.", others=0, at=MONDAY + timedelta(hours=5))
    assert tick(MONDAY + DAY) == 1
    assert shown() == ["Sinikello."]


def test_an_earlier_block_of_the_unit_is_not_its_block(say, people):
    say("Ensimmäinen.")
    tick(MONDAY)
    say("Sinikello.", others=0, at=MONDAY + timedelta(hours=5))
    approve("Sinikello.", by=people.aino)
    assert tick(MONDAY + DAY) == 0
    assert shown() == []


def test_blocks_of_other_streams_do_not_release_it(say, people, units):
    say("Sinikello.", others=0)
    give(units.keskusta, at=YESTERDAY, n=10)
    approve("Sinikello.", by=people.aino)
    tick(MONDAY)
    assert Block.objects.filter(stream="channel").exists()
    assert shown() == []


def test_what_merged_into_other_units_is_not_quoted_by_unit(say, people, units, dental):
    for unit in (units.keskusta, units.psyk, dental):
        say(f"Sana {unit.code}.", others=2, unit=unit)
    approve("Sana keskusta.", by=people.aino)
    tick(MONDAY)
    tick(MONDAY + timedelta(days=60))
    assert Block.objects.filter(scope="other:terveys", stream="comment").exists()
    assert shown() == []

    # Not with a block of the unit's own that comes later, either: the comment is in none of them.
    later = MONDAY + timedelta(days=61)
    say("Kanerva.", at=later - timedelta(hours=18))
    approve("Kanerva.", by=people.aino, at=later)
    tick(later)
    assert shown() == ["Kanerva."]
    for number in range(2, 5):
        say(f"Lisää {number}.", at=later + number * DAY - timedelta(hours=18))
        tick(later + number * DAY)
    assert shown() == ["Kanerva."]


def test_comments_just_before_a_closing_wait_for_the_next_block(say, people):
    say("Sinikello.", at=MONDAY - timedelta(minutes=14))
    say("Kanerva.", at=MONDAY - timedelta(minutes=16))
    approve("Sinikello.", by=people.aino, at=MONDAY)
    approve("Kanerva.", by=people.aino, at=MONDAY)
    tick(MONDAY)
    assert shown() == ["Kanerva."]
    say("Toinen.", at=MONDAY + timedelta(hours=5))
    tick(MONDAY + DAY)
    assert shown() == ["Kanerva.", "Sinikello."]


def test_one_that_is_approved_late_comes_with_the_newest_block(say, people):
    say("Sinikello.")
    tick(MONDAY)
    say("Toinen.", at=MONDAY + timedelta(hours=5))
    tick(MONDAY + DAY)
    approve("Sinikello.", by=people.aino, at=MONDAY + DAY)
    tick(MONDAY + DAY + timedelta(minutes=1))
    assert Quote.objects.get().block.closed == (MONDAY + DAY).date()


def test_a_withdrawn_one_disappears_with_the_next_tick(say, people):
    say("Sinikello.")
    quote = approve("Sinikello.", by=people.aino)
    tick(MONDAY)
    handling.withdraw_quote(quote, by=people.eero, at=MONDAY)
    assert tick(MONDAY + timedelta(minutes=1)) == 1
    assert shown() == []
    assert tick(MONDAY + timedelta(minutes=2)) == 0


def test_one_withdrawn_before_its_block_never_comes(say, people):
    say("Sinikello.")
    handling.withdraw_quote(approve("Sinikello.", by=people.aino), by=people.aino, at=YESTERDAY)
    assert tick(MONDAY) == 0
    assert shown() == []


def test_of_two_with_the_same_words_one_stays(say, people):
    say("Kiitos.")
    first = approve("Kiitos.", by=people.aino)
    say("Kiitos.")
    approve("Kiitos.", by=people.aino)
    tick(MONDAY)
    assert shown() == ["Kiitos.", "Kiitos."]
    handling.withdraw_quote(first, by=people.aino, at=MONDAY)
    tick(MONDAY + timedelta(minutes=1))
    assert shown() == ["Kiitos."]


def test_it_goes_when_its_feedback_is_deleted(say, people):
    say("Sinikello.")
    quote = approve("Sinikello.", by=people.aino)
    tick(MONDAY)
    Feedback.objects.filter(text="Sinikello.").delete()
    tick(MONDAY + timedelta(minutes=1))
    assert shown() == []
    assert not type(quote).objects.exists()


def test_thanks_come_first_and_the_rest_in_no_order_of_time(say, people, units):
    for number in range(6):
        say(f"Idea {number}.", others=0)
        approve(f"Idea {number}.", by=people.aino, kind="idea")
    say("Kiitän.", others=0)
    approve("Kiitän.", by=people.aino)
    tick(MONDAY)
    told = queries.quotes_of(units.keskusta, MONDAY.date(), MONDAY.date())
    assert told[0].text == "Kiitän."
    assert told == queries.quotes_of(units.keskusta, MONDAY.date(), MONDAY.date())
    by_key = [f"{key}" for key in Quote.objects.order_by("pk").values_list("pk", flat=True)]
    assert all(key[14] == "4" for key in by_key)


def test_an_area_tells_the_quotes_of_its_units(say, people, units):
    say("Sinikello.")
    say("Koti.", unit=units.koti)
    approve("Sinikello.", by=people.aino)
    approve("Koti.", by=people.outi)
    tick(MONDAY)
    day = MONDAY.date()
    assert [quote.text for quote in queries.quotes_of(units.health, day, day)] == ["Sinikello."]
    assert len(queries.quotes_of(units.county, day, day)) == 2
    assert queries.quotes_of(units.psyk, day, day) == []
    assert queries.quotes_of(units.keskusta, day + DAY, day + DAY) == []


def test_the_report_shows_it_without_day_language_and_channel(client, say, people):
    say("Sinikello.")
    approve("Sinikello.", by=people.aino)
    tick(MONDAY)
    client.force_login(people.jaana)
    with translation.override("fi"):
        page = client.get("/raportit/keskusta/?viikko=2026-W47").content.decode()
    part = page.split("<blockquote")[1].split("</ul>")[0]
    assert "Sinikello." in part
    assert not any(
        word in part.lower() for word in ("lang=", "2026", "15.11", "16.11", "web", "verkko", "suomi")
    )
    # Not even in the tables: the copy has its words, its kind and its block, and a number by chance.
    assert {field.name for field in Quote._meta.get_fields()} == {"id", "block", "kind", "text"}


def test_it_is_read_aloud_in_the_language_it_was_written_in(client, say, people):
    words = "Hoitaja kuunteli rauhassa ja selitti asiat."
    say(words)
    approve(words, by=people.aino)
    tick(MONDAY)
    client.force_login(people.jaana)
    page = client.get("/raportit/keskusta/?viikko=2026-W47&kieli=sv").content.decode()
    assert f'<blockquote class="as-written" lang="fi">{words}' in page


@pytest.mark.parametrize("form", report_file.FORMATS)
@pytest.mark.parametrize("scope", ["keskusta", "terveys", "sata"])
def test_every_format_has_the_approved_words_and_no_others(say, people, units, form, scope):
    say("Sinikello ja kanerva.")
    say("Toinen sana.")
    approve("Sinikello ja kanerva.", by=people.aino)
    tick(MONDAY)
    report = reports.ready_made(Unit.objects.get(code=scope), periods.read_any("2026-W47"))
    with translation.override("fi"):
        content = report_file.FORMATS[form].write(report)

    words = words_of(form, content)
    assert words.count("Sinikello ja kanerva.") == 1
    assert not any(other in words for other in ("Toinen sana", "Muuta"))


def counted_days(newest):
    """The days whose comments the unit's own blocks count: a day's are counted in on the next morning."""
    own = Block.objects.filter(scope=newest.scope, stream="comment", closed__lte=newest.closed)
    return {
        block.opened + number * DAY - DAY
        for block in own
        for number in range((block.closed - block.opened).days + 1)
    }


def words_of(form, content):
    if form == "pdf":
        return " ".join(
            " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages
        )
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return " ".join(book.read(name).decode(errors="replace") for name in book.namelist())
    return content.decode()


def test_the_clock_does_it_after_the_blocks():
    names = list(clock.PARTS)
    assert names.index("blocks") < names.index("quotes")


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.integers(0, 7), st.integers(0, 3), st.booleans(), st.sampled_from([1, 1, 1, 30, 60])),
        min_size=2,
        max_size=8,
    )
)
def test_whatever_comes_each_quote_is_one_of_at_least_k_counted_comments(units, people, dental, history):
    """Each time: how many comments, how many of them approved, whether one is withdrawn again, and how many days pass.

    Neighbours have as much company as merging needs.
    """
    from django.db import transaction

    with transaction.atomic():
        standing = []
        at = MONDAY
        for number, (comments, approved, withdraws, days) in enumerate(history):
            at += days * DAY
            given_at = at - timedelta(hours=12)
            for neighbour in (units.psyk, dental):
                give(neighbour, at=given_at, n=3, text="Muuta.")
            for place in range(comments):
                give(units.keskusta, at=given_at, text=f"{number}-{place}")
            chosen = range(min(approved, comments))
            standing += [approve(f"{number}-{place}", by=people.aino, at=given_at) for place in chosen]
            if withdraws and standing:
                handling.withdraw_quote(standing.pop(), by=people.aino, at=given_at)
            tick(at)
            for quote in Quote.objects.select_related("block"):
                assert quote.block.stream == "comment"
                assert quote.block.n >= quote.block.k >= 5
                feedback = Feedback.objects.get(text=quote.text)
                assert feedback.recorded_at.date() in counted_days(quote.block)
            assert set(shown()) <= {quote.text for quote in standing}
        transaction.set_rollback(True)
