"""A case is answered, asked about or closed by who has read what its customer wrote last."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.handling import actions
from palauteketju.handling.errors import CustomerWroteMeanwhile
from palauteketju.handling.models import Case

TOLD = "The customer has written more since you opened the case."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def case(open_case, people, now):
    """Its customer writes while Aino has its page open."""
    case = open_case(at=now - timedelta(days=1))
    actions.record_reading(case, by=people.aino, at=now)
    actions.write_as_customer(case, "Asia onkin kiireellinen.", at=now)
    case.refresh_from_db()
    return case


@pytest.fixture
def send(english, people, case):
    """Press a button of the page opened before, or of the one that came back."""
    english.force_login(people.aino)

    def send(where, **form):
        return english.post(f"/kasittely/{case.pk}/{where}", form)

    return send


def test_it_works(send, case):
    first = send("vastaa/", text="Kiitos.", kind="response", step="send")
    page = first.content.decode()
    assert first.status_code == 409
    assert TOLD in page
    assert "Asia onkin kiireellinen." in page
    assert first.context["reply"]["text"].value() == "Kiitos."
    assert not case.messages.filter(kind="response").exists()

    # Now it has been read.
    assert send("vastaa/", text="Kiitos.", kind="response", step="send").status_code == 302
    assert case.messages.filter(kind="response").exists()


@pytest.mark.parametrize(
    ("where", "form"),
    [
        ("vastaa/", {"text": "Minä päivänä?", "kind": "clarification", "step": "send"}),
        ("ohjaa/?tie=reminder", {"text": "Tee muistutus."}),
        ("sulje/", {"outcome": "no_answer_possible", "done": "Soitettu."}),
    ],
)
def test_nothing_ends_the_customers_turn_unread(send, case, where, form):
    answer = send(where, **form)
    assert answer.status_code == 409
    assert TOLD in answer.content.decode()
    case.refresh_from_db()
    assert (case.closed_at, case.waiting_since, case.answered_at) == (None, None, None)
    assert case.customer_wrote_at
    # What was written is there.
    assert str(list(form.values())[-1 if where.startswith("sulje") else 0]) in answer.content.decode()


def test_the_reading_of_a_colleague_is_not_ones_own(case, people, now):
    actions.record_reading(case, by=people.eero, at=now)
    with pytest.raises(CustomerWroteMeanwhile):
        actions.answer(case, "Kiitos.", by=people.aino, at=now)
    actions.answer(case, "Kiitos.", by=people.eero, at=now)


def test_a_call_written_down_leaves_it_unread(case, people, now):
    actions.record_call(case, "Soitettu eilen.", by=people.aino, at=now)
    case.refresh_from_db()
    assert case.customer_wrote_at == now
    actions.record_reading(case, by=people.aino, at=now)
    actions.record_call(case, "Soitettu uudelleen.", by=people.aino, at=now)
    case.refresh_from_db()
    assert case.customer_wrote_at is None


def test_several_cases_close_together_without_it(english, give, people, now):
    case = actions.open_case(give("Kiitos.", at=now), by=people.aino, at=now)
    for person in (people.aino, people.eero):
        actions.record_reading(case, by=person, at=now)
    actions.write_as_customer(case, "Vielä yksi asia.", at=now)
    english.force_login(people.aino)
    form = {"case": [case.pk], "reason": "Harjoitus.", "step": "close"}
    assert (
        "The customer has written more. Open it first."
        in english.post("/tyolista/sulje/", {"case": [case.pk]}).content.decode()
    )
    english.post("/tyolista/sulje/", form)
    assert not Case.objects.get(pk=case.pk).is_closed
