"""After delivery nothing stored joins an answer to a number, an event or a person: read over everything there is."""

import re
from itertools import combinations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from palauteketju.intake.models import Feedback
from palauteketju.sms import fingerprints, tokens
from palauteketju.sms.models import Contacted, Invitation, OutgoingSms, SeenEvent

NUMBER, EVENT_ID = "+358401239876", "KÄYNTI-2026-000777"
ANSWERS = {"answers.nps": "2", "text": "Odotin kauan, mutta lääkäri kuunteli."}


@pytest.fixture
def chain(client, invited):
    """An event, its message, its answer."""
    url = invited(phone="040 123 9876", event_id=EVENT_ID)
    shown = client.get(url).content.decode()
    mark = re.search(r'name="mark" value="(\w+)"', shown)[1]
    client.post(url, ANSWERS | {"mark": mark, "language": "fi"})
    assert Feedback.objects.count() == 1
    return url.split("/")[2]


def everything():
    """Each table of the database with all its rows, as texts; bytes in hexadecimal."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield table, [[_text(value) for value in row] for row in cursor.fetchall()]


def _text(value):
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def test_no_table_holds_the_number_or_the_event_in_any_spelling(chain):
    digits = ["358401239876", "0401239876", "1239876", "123 9876", "040 123"]
    wanted = [*digits, EVENT_ID, "000777", chain]
    wanted += [word.encode().hex() for word in wanted]
    # As a byte string the digits may also be in another base.
    wanted += [f"{358401239876:x}", f"{401239876:x}"]

    found = {
        (table, word)
        for table, rows in everything()
        for row in rows
        for value in row
        for word in wanted
        if word in value
    }
    assert found == set()


def test_no_value_that_could_be_a_key_is_shared_by_the_answer_and_the_rest(chain):
    """Any value of eight characters or more that stands both in a row of the answer and in one of sms."""
    values = {
        table: {value for row in rows for value in row if len(value) >= 8} for table, rows in everything()
    }
    answer = set.union(*(values[table] for table in values if table.startswith(("intake_", "handling_"))))
    ours = {table: values[table] for table in values if table.startswith("sms_")}

    assert {(table, value) for table, each in ours.items() for value in each & answer} == set()
    for (one, left), (other, right) in combinations(ours.items(), 2):
        # Days in Finland are many people's.
        assert {value for value in left & right if not re.fullmatch(r"\d{4}-\d\d-\d\d", value)} == set(), (
            one,
            other,
        )


def test_with_the_key_ring_but_without_the_message_nothing_can_be_computed_either(chain):
    """What the keys make of the number and of the event is in no table of the answer, nor with the invitation."""
    made = {
        fingerprints.of_number(NUMBER).hex(),
        fingerprints.of_event(EVENT_ID).hex(),
        fingerprints.of_number(NUMBER).hex()[:32],
        str(tokens.nonce(NUMBER)),
        str(tokens.nonce(EVENT_ID)),
    }
    where = {table for table, rows in everything() for row in rows for value in row if value in made}

    # The 30 days of the number and the day of the event's decision: no unit, no time, no answer.
    assert where == {"sms_contacted", "sms_seenevent"}
    assert {field.name for field in Contacted._meta.fields} == {
        "phone_hash",
        "last_visit_on",
        "earlier_visit_on",
        "last_invited_on",
    }
    assert {field.name for field in SeenEvent._meta.fields} == {"event_hash", "decided_on"}


def test_an_invitation_knows_a_unit_a_language_and_weeks_alone(chain):
    assert {field.name for field in Invitation._meta.fields} == {
        "token_hash",
        "unit",
        "language",
        "event_week",
        "expires_on",
    }
    invitation = Invitation.objects.get()
    assert invitation.expires_on.weekday() == 6
    assert bytes(invitation.token_hash) == fingerprints.of_token(chain)
    assert tokens.nonce(chain) == Feedback.objects.get().nonce
    assert tokens.nonce(chain).bytes not in bytes(invitation.token_hash)


def test_the_message_itself_has_left_no_row(chain):
    assert not OutgoingSms.objects.exists()


def test_no_table_of_sms_points_to_an_answer_or_to_another_of_its_own():
    targets = {
        field.related_model._meta.label
        for model in apps.get_app_config("sms").get_models()
        for field in model._meta.get_fields()
        if field.is_relation
    }
    assert targets == {"organisation.Unit"}


def test_invitations_of_a_claim_stand_in_no_order_of_the_outbox(event, waiting, noon, network):
    from palauteketju.sms.actions import send_due

    waiting(20)
    send_due(at=noon, gateway=network)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token_hash FROM sms_invitation ORDER BY ctid")
        stored = [bytes(row[0]) for row in cursor.fetchall()]

    assert stored == sorted(stored)
    assert len(stored) == 20
    assert settings.SMS_GATEWAY == "simulator"
