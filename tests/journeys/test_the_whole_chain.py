"""The whole chain: from one customer's feedback to the measure that everybody can read of."""

import json
import re
from datetime import datetime, time, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.audit import log
from palauteketju.audit.models import Entry
from palauteketju.handling.models import Case, Prompt, Triage
from palauteketju.insight.models import Block, PublicBlock
from palauteketju.insight.periods import HELSINKI, week_of
from palauteketju.intake.models import Feedback
from palauteketju.operations import clock
from palauteketju.organisation.deadlines import county_deadline
from palauteketju.sms.actions import accept_events
from palauteketju.sms.models import OutgoingSms
from palauteketju.sms.service_events import read_csv
from tests.journeys.conftest import (
    hidden_fields,
    let_jobs_run,
    let_morning_come,
    next_morning,
    receipt_on,
    text_of,
)

FORM = "/p/keskusta/"
WORDS = "Odotin kaksi tuntia Sinikello-huoneessa, eikä kukaan kertonut miksi."
ANSWER = "Kiitos palautteesta. Odotusajat kerrotaan nyt aulan taululla."
MEASURE = "Odotusaika kerrotaan aulan taululla"


@pytest.fixture
def feedback(county, customer):
    """What one customer said, with the receipt code: it cannot wait, and she wants an answer by e-mail."""
    assert '<a href="/p/keskusta/">' in customer.open("/").content.decode()
    thanks = customer.fill_in(
        FORM,
        answers__nps="3",
        text=WORDS,
        kind="criticism",
        needs_attention="on",
        wants_answer="yes",
        way="email",
        email="sirkka@posti.example",
    )
    assert "We answer by" in text_of(thanks)
    return receipt_on(thanks)


def test_it_works(feedback, county, customer, staff, postbox):
    the_prompt_tells_nothing_of_what_was_said(county, postbox)
    the_handler_sees_it_with_its_deadline(staff("aino"))
    the_handler_answers(staff("aino"))
    the_customer_is_told_and_reads_the_answer(feedback, customer, postbox)
    others_give_ratings(customer)
    let_morning_come()
    nobody_can_be_recognised_in_the_report(staff("jaana"))
    address = the_handler_records_a_measure(staff("aino"))
    communications_approves(staff("viivi"), address)
    everybody_reads_of_it(customer)
    the_trail_is_whole(county)


def the_prompt_tells_nothing_of_what_was_said(county, postbox):
    assert [job.task_name for job in ProcrastinateJob.objects.filter(status="todo")] == [
        "palauteketju.triage"
    ]
    let_jobs_run()

    assert {message["To"] for message in postbox.taken} == {"aino@example.fi", "eero@example.fi"}
    for message in postbox.taken:
        mail = str(message) + message.get_content()
        assert "/kasittely/" in mail
        for told in ("Sinikello", "sirkka", "posti.example", "criticism"):
            assert told not in mail
    assert not ProcrastinateJob.objects.filter(queue_name__in=["triage", "prompts"]).exists()


def the_handler_sees_it_with_its_deadline(aino):
    case = Case.objects.get()
    worklist = aino.get("/tyolista/")

    assert f"/kasittely/{case.pk}/" in worklist.content.decode()
    assert f"{case.due_at.astimezone(HELSINKI):%a} {case.due_at.astimezone(HELSINKI).day}" in text_of(
        worklist
    )
    assert "Sinikello" not in text_of(worklist)
    arrived = timezone.localtime(case.arrived_at).isoformat()
    assert case.due_at == county_deadline(datetime.fromisoformat(arrived), road="urgent").due


def the_handler_answers(aino):
    address = f"/kasittely/{Case.objects.get().pk}/"
    opened = aino.get(address)
    assert WORDS in text_of(opened)
    assert "posti.example" not in text_of(opened)

    reply = {"text": ANSWER, "kind": "response"}
    preview = aino.post(f"{address}vastaa/", reply | {"step": "preview"})
    assert ANSWER in text_of(preview)
    sent = aino.post(f"{address}vastaa/", reply | {"step": "send"}, follow=True)
    assert sent.status_code == 200
    assert Case.objects.get().outcome == Case.Outcome.ANSWERED


def the_customer_is_told_and_reads_the_answer(receipt, customer, postbox):
    postbox.taken.clear()
    let_jobs_run()
    [message] = postbox.taken
    assert message["To"] == "sirkka@posti.example"
    assert ANSWER not in message.get_content()
    assert "Keskustan" not in str(message)

    page = customer.send("/palautteeni/", {"code": receipt})
    assert ANSWER in text_of(page)
    assert WORDS in text_of(page)


def others_give_ratings(customer):
    for nps in (9, 9, 10, 10, 10, 8, 7, 9, 10, 2, 6):
        customer.give(FORM, answers__nps=str(nps), answers__access="5")
    # Too few of these for any figure.
    for _ in range(4):
        customer.give("/p/psyk/", answers__nps="0")
    customer.give(FORM, answers__nps="10", answers__safety="1")


def nobody_can_be_recognised_in_the_report(jaana):
    week = week_of(timezone.localdate(next_morning()))
    report = jaana.get(f"/raportit/keskusta/?viikko={week}")
    told = text_of(report)

    # Eight of thirteen gave 9 or 10, three gave 0 to 6.
    assert Block.objects.get(scope="keskusta", stream="thl-2/nps").n == 13
    assert "+38" in told
    assert "13 answers" in told
    assert "Sinikello" not in told
    assert all(block.n >= 5 for block in Block.objects.all())
    assert not Block.objects.filter(scope="psyk").exists()
    assert not Block.objects.filter(stream="thl-2/safety").exists()
    assert not Block.objects.filter(stream="comment").exists()


def the_handler_records_a_measure(aino):
    today = timezone.localdate()
    written = {
        "unit": "keskusta",
        "period_from": today.isoformat(),
        "period_to": (today + timedelta(days=1)).isoformat(),
        "about": "thl-2/access",
        "title": MEASURE,
        "description": "Taulu päivitetään puolen tunnin välein.",
        "responsible": "osastonhoitaja",
        "due": (today + timedelta(days=30)).isoformat(),
    }
    recorded = aino.post("/toimenpiteet/uusi/", written)
    assert recorded.status_code == 302, text_of(recorded)
    assert MEASURE not in aino.get("/tulokset/keskusta/").content.decode()
    return recorded.url


def communications_approves(viivi, address):
    waiting = viivi.get(address)
    assert MEASURE in text_of(waiting)
    assert "11 answers" in text_of(waiting)
    approved = viivi.post(f"{address}hyvaksy/", follow=True)
    assert "Approved" in text_of(approved)


def everybody_reads_of_it(customer):
    page = text_of(customer.open("/tulokset/keskusta/"))
    assert MEASURE in page
    assert "13 answers" in page
    assert MEASURE in text_of(customer.open("/tulokset/"))
    assert {block.scope for block in PublicBlock.objects.all()} == {"keskusta"}
    assert all(block.n >= 10 for block in PublicBlock.objects.all())
    assert not PublicBlock.objects.filter(stream__in=["thl-2/safety", "comment", "kind"]).exists()


def the_trail_is_whole(county):
    verdict = log.verify()
    assert verdict.broken_at is None
    actions = list(Entry.objects.order_by("number").values_list("action", flat=True))
    for action in (
        "handling.case.opened",
        "handling.case.read",
        "handling.case.answered",
        "insight.blocks.closed",
    ):
        assert action in actions


@pytest.mark.parametrize(
    ("answers", "road", "is_case"),
    [
        (
            {"text": WORDS, "needs_attention": "on", "wants_answer": "yes", "way": "receipt"},
            "urgent_contact",
            True,
        ),
        ({"text": "Lääkkeeni vaihtuivat ja melkein kuolin."}, "urgent", True),
        ({"text": "Missä pysäköin?", "wants_answer": "yes", "way": "receipt"}, "contact", True),
        ({"text": "Kiitos ystävällisestä palvelusta."}, "reports", False),
    ],
)
def test_a_feedback_takes_its_own_road_of_the_four(county, customer, postbox, staff, answers, road, is_case):
    customer.give(FORM, answers__nps="5", **answers)
    let_jobs_run()

    assert Triage.objects.get().road == road
    assert Case.objects.exists() == is_case
    assert Prompt.objects.count() == (2 if is_case else 0)
    # What can wait comes with the day's digest.
    if road != "contact":
        assert len(postbox.taken) == (2 if is_case else 0)
    listed = staff("aino").get("/tyolista/").content.decode()
    assert ("/kasittely/" in listed) == is_case


def test_an_answer_that_can_wait_is_promised_within_two_weeks(county, customer, staff):
    customer.give(FORM, answers__nps="5", text="Missä pysäköin?", wants_answer="yes", way="receipt")
    let_jobs_run()

    assert timezone.localdate(Case.objects.get().due_at) == timezone.localdate() + timedelta(days=14)
    assert "14 days left" in text_of(staff("aino").get("/tyolista/"))


def test_ratings_alone_announce_no_job_and_go_to_the_reports(county, customer, postbox):
    customer.give(FORM, answers__nps="5")

    assert not ProcrastinateJob.objects.exists()
    assert not Feedback.objects.get().triage_due


@pytest.fixture
def visits(county):
    """Yesterday's import: six customers who visited keskusta the day before."""
    yesterday = timezone.localdate() - timedelta(days=1)
    morning = timezone.make_aware(datetime.combine(yesterday, time(9)))
    rows = [
        "event_id,phone,occurred_at,visit_type,language,birth_year,municipality,unit,permission,non_disclosure,phones_on_file",
        *(
            f"kaynti-{n},04012345{n:02},{(morning - timedelta(days=1)).isoformat()},vastaanotto,en,1980,Pori,keskusta,1,0,1"
            for n in range(6)
        ),
    ]
    events, problems = read_csv(BytesIO("\n".join(rows).encode()))
    assert not problems
    assert accept_events(events, at=morning).accepted == 6
    return morning.replace(hour=12)


def test_a_survey_by_text_message_joins_the_same_chain(visits, county, customer, postbox, staff):
    clock.tick(at=visits)
    phones = customer.open("/puhelin/").content.decode()
    links = re.findall(r"/v/[a-z0-9]+/", phones)
    assert len(set(links)) == 6
    assert not OutgoingSms.objects.exists()

    for link in sorted(set(links)):
        thanks = customer.fill_in(link, answers__nps="9", answers__caring="4")
        receipt_on(thanks)
        assert "Each message can be answered once" in text_of(customer.open(link))
    assert set(Feedback.objects.values_list("channel", flat=True)) == {"sms"}

    clock.tick(at=next_morning())
    assert Block.objects.get(scope="keskusta", stream="channel").counts == {"sms": 6}
    week = week_of(timezone.localdate(next_morning()))
    assert "6 answers" in text_of(staff("jaana").get(f"/raportit/keskusta/?viikko={week}"))
    assert log.verify().broken_at is None


def test_a_comment_in_a_survey_that_cannot_wait_prompts_the_unit(visits, county, customer, postbox):
    clock.tick(at=visits)
    link = re.search(r"/v/[a-z0-9]+/", customer.open("/puhelin/").content.decode())[0]
    form = customer.open(link)
    customer.send(
        link,
        hidden_fields(form) | {"answers.nps": "0", "text": "Äitini oli kuolla, kun lääkkeet vaihtuivat."},
    )
    let_jobs_run()

    assert Case.objects.get().road == Case.Road.URGENT
    assert len(postbox.taken) == 2


def test_what_comes_by_the_api_walks_the_same_way(county, customer, postbox, staff, live_server):
    """Over real HTTP, as the county's other systems send it."""
    from urllib.request import Request, urlopen

    from palauteketju.organisation.access import hash_of_key
    from palauteketju.organisation.models import Integration

    Integration.objects.create(
        name="kioski",
        key_hash=hash_of_key("avain"),
        right="feedback",
        unit=county.units.health,
        created_at=timezone.now(),
    )
    content = {
        "unit": "keskusta",
        "channel": "web",
        "question_set": "thl-2",
        "language": "fi",
        "role": "customer",
        "answers": {"nps": 9, "access": 5},
        "text": "Missä pysäköin?",
        "kind": "question",
        "arrived_at": None,
        "contact": {"way": "receipt", "value": ""},
        "idempotency_key": "a1",
    }
    request = Request(
        f"{live_server.url}/api/v1/feedback",
        json.dumps(content).encode(),
        {"Authorization": "Bearer avain", "Content-Type": "application/json"},
    )
    codes = []
    for _ in range(2):
        with urlopen(request, timeout=10) as answer:
            assert answer.status == 201
            codes.append(json.load(answer)["receipt"])
    let_jobs_run()

    assert codes[0] == codes[1]
    assert Case.objects.get().road == Case.Road.CONTACT
    assert "Missä pysäköin?" in text_of(customer.send("/palautteeni/", {"code": codes[0]}))
