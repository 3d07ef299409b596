"""The outbox goes out: each message once, or not at all."""

import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections

from palauteketju.sms import fingerprints, retention
from palauteketju.sms.actions import forbid_surveys, send_due
from palauteketju.sms.eligibility import SmsRules
from palauteketju.sms.gateways import (
    HttpGateway,
    PermanentFailure,
    SimulatorGateway,
    TemporaryFailure,
    UnknownOutcome,
    gateway_from_settings,
)
from palauteketju.sms.models import Contacted, DecisionCount, Invitation, OutgoingSms
from palauteketju.sms.policy import rules_in_force
from tests.sms.provider import TOKEN, a_provider


@pytest.fixture
def provider():
    with a_provider() as provider:
        yield provider


@pytest.fixture
def gateway(provider):
    return HttpGateway(provider.address, token=TOKEN, seconds_to_wait=2)


def outcomes():
    return {reason: n for reason, n in DecisionCount.objects.values_list("reason", "n") if reason != "send"}


def test_it_works(waiting, noon, provider, gateway):
    waiting()
    assert send_due(at=noon, gateway=gateway) == 1

    ((authorization, message),) = provider.got
    assert authorization == f"Bearer {TOKEN}"
    assert (message["to"], message["from"]) == ("+358401230001", "Palaute")
    token = message["text"].rsplit("/v/", 1)[1].rstrip("/")
    assert "Keskustan terveysasema" in message["text"]
    invitation = Invitation.objects.get(token_hash=fingerprints.of_token(token))
    assert (invitation.event_week, invitation.expires_on) == ("2026-W46", date(2026, 12, 6))


def test_the_number_is_gone_once_the_message_is_delivered(waiting, noon, gateway):
    waiting()
    send_due(at=noon, gateway=gateway)

    assert not OutgoingSms.objects.exists()
    assert outcomes() == {"handed_over": 1}
    assert Contacted.objects.get().last_invited_on == noon.date()


def test_a_sensitive_unit_is_not_named(waiting, noon, provider, gateway):
    waiting(unit="psyk")
    send_due(at=noon, gateway=gateway)

    assert "sykiatri" not in provider.got[0][1]["text"]


def test_nothing_leaves_before_its_time(waiting, noon, network):
    waiting()

    assert send_due(at=noon - timedelta(seconds=1), gateway=network) == 0
    assert send_due(at=noon, gateway=network) == 1


def test_a_worker_that_was_stopped_for_the_day_waits_for_the_next_window(waiting, noon, network):
    waiting()

    assert send_due(at=noon.replace(hour=22), gateway=network) == 0
    assert OutgoingSms.objects.get().send_at == noon + timedelta(days=1)
    assert send_due(at=noon + timedelta(days=1), gateway=network) == 1


def test_a_message_that_is_too_late_is_given_up(waiting, noon, network):
    waiting()

    assert send_due(at=noon + timedelta(days=14), gateway=network) == 0
    assert not OutgoingSms.objects.exists()
    assert outcomes() == {"too_late": 1}


def test_without_any_gateway_numbers_go_when_it_is_too_late(waiting, morning):
    waiting()
    retention.forget(at=morning + timedelta(days=14))

    assert not OutgoingSms.objects.exists()


def test_a_unit_that_left_the_surveys_meanwhile_is_not_asked_about(units, waiting, noon, network):
    waiting()
    units.keskusta.sms = False
    units.keskusta.save()

    assert send_due(at=noon, gateway=network) == 0
    assert outcomes() == {"withdrawn": 1}


def test_who_forbids_surveys_before_noon_gets_none(waiting, noon, network):
    waiting(phone="0401234567")
    waiting()
    forbid_surveys("+358401234567", at=noon - timedelta(hours=1))

    assert send_due(at=noon, gateway=network) == 1
    assert outcomes() == {"withdrawn": 1, "handed_over": 1}


@pytest.mark.parametrize("status", [401, 404, 408, 429, 503, 302])
def test_a_passing_failure_is_tried_again_later(waiting, noon, provider, gateway, status):
    waiting()
    provider.answer = status
    assert send_due(at=noon, gateway=gateway) == 0

    message = OutgoingSms.objects.get()
    assert (message.state, message.attempts, message.send_at) == ("waiting", 1, noon + timedelta(minutes=1))
    provider.answer = 200
    assert send_due(at=noon + timedelta(minutes=1), gateway=gateway) == 1


@pytest.mark.parametrize("status", [400, 410, 422])
def test_a_refused_number_is_given_up(waiting, noon, provider, gateway, status):
    waiting()
    provider.answer = status

    assert send_due(at=noon, gateway=gateway) == 0
    assert not OutgoingSms.objects.exists()
    assert outcomes() == {"refused": 1}


@pytest.mark.parametrize("status", [409, 500, 502, 504, 599])
def test_what_may_have_gone_out_is_never_sent_again(waiting, noon, provider, gateway, status):
    waiting()
    provider.answer = status
    send_due(at=noon, gateway=gateway)
    provider.answer = 200
    send_due(at=noon + timedelta(hours=2), gateway=gateway)

    assert len(provider.got) == 1
    assert outcomes() == {"unknown": 1}


def test_a_provider_that_takes_the_message_and_never_answers_counts_as_unknown(provider):
    held = threading.Event()
    provider.answer = lambda _message: 200 + held.wait(3)
    gateway = HttpGateway(provider.address, token=TOKEN, seconds_to_wait=0.2)

    with pytest.raises(UnknownOutcome) as failure:
        gateway.send("+358401234567", "Hei", sender="Palaute")
    held.set()
    assert failure.value.why == "ReadTimeout"


def test_a_provider_that_is_not_there_surely_sent_nothing():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gateway = HttpGateway(f"http://127.0.0.1:{port}/", token=TOKEN)

    with pytest.raises(TemporaryFailure):
        gateway.send("+358401234567", "Hei", sender="Palaute")


def test_a_provider_that_is_down_is_not_asked_about_every_message(waiting, noon, provider, gateway):
    waiting(10)
    provider.answer = 503
    send_due(at=noon, gateway=gateway)

    assert len(provider.got) == 3
    assert OutgoingSms.objects.filter(state="waiting").count() == 10


def test_neither_numbers_nor_texts_reach_the_log(waiting, noon, provider, gateway, caplog):
    waiting(4)
    caplog.set_level("DEBUG")
    for status in (503, 422, 500, 200):
        provider.answer = status
        send_due(at=noon + timedelta(minutes=5), gateway=gateway, limit=1)

    assert "sms.try_later why=503" in caplog.text
    assert "12300" not in caplog.text
    assert "terveysasema" not in caplog.text


def test_only_so_many_leave_at_once(waiting, noon, network):
    waiting(30)

    assert send_due(at=noon, gateway=network, limit=27) == 27
    assert send_due(at=noon, gateway=network) == 3


def test_the_simulator_takes_only_numbers(network):
    with pytest.raises(PermanentFailure):
        network.send("../../etc/passwd", "Hei", sender="Palaute")


def test_the_gateway_is_the_countys_choice(settings):
    settings.SMS_GATEWAY = "none"
    assert gateway_from_settings() is None
    settings.SMS_GATEWAY = "http"
    assert isinstance(gateway_from_settings(), HttpGateway)
    settings.SMS_GATEWAY = "simulator"
    assert isinstance(gateway_from_settings(), SimulatorGateway)


def test_the_countys_file_rules():
    rules = rules_in_force()

    assert rules == SmsRules(is_working_day=rules.is_working_day)
    assert not rules.is_working_day(date(2026, 12, 24))


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_message(waiting, noon, provider, gateway):
    waiting(60)
    sent = []

    def work():
        try:
            sent.append(send_due(at=noon, gateway=gateway))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    numbers = [message["to"] for _authorization, message in provider.got]
    assert len(numbers) == len(set(numbers)) == sum(sent) == 60
    assert outcomes() == {"handed_over": 60}


_A_WORKER = """
import sys
from datetime import datetime
import django
django.setup()
from palauteketju.sms.actions import send_due
from palauteketju.sms.gateways import HttpGateway
send_due(at=datetime.fromisoformat(sys.argv[1]), gateway=HttpGateway(sys.argv[2], token="t"))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_the_call_and_its_record_sends_nothing_twice(
    waiting, noon, provider, gateway
):
    """SIGKILL at the worst moment: the provider has the message, and nothing here says so."""
    waiting(3)
    worker = subprocess.Popen(
        [sys.executable, "-c", _A_WORKER, noon.isoformat(), provider.address], env=_env()
    )

    def kill(_message):
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        return 200

    provider.answer = kill
    assert worker.wait(30) == -signal.SIGKILL
    provider.answer = 200
    first = [message["to"] for _authorization, message in provider.got]
    assert len(first) == 1

    # Too early to tell a dead process from a slow one, then given up: what it had claimed is sent by nobody.
    assert send_due(at=noon + timedelta(minutes=9), gateway=gateway) == 0
    assert send_due(at=noon + timedelta(minutes=10), gateway=gateway) == 0
    assert len(provider.got) == 1
    assert not OutgoingSms.objects.exists()
    assert outcomes() == {"unknown": 3}


def _env():
    """The environment of a process that uses this test's own database."""
    of_settings = urlsplit(os.environ["DATABASE_URL"])
    address = urlunsplit(of_settings._replace(path=f"/{connection.settings_dict['NAME']}"))
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "palauteketju.project.settings",
        "DATABASE_URL": address,
        "PYTHONPATH": str(Path(django_settings.PACKAGE).parent),
    }
