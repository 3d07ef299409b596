"""Feedback given through the real front door, and what handlers do with it."""

import socket
import threading
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from palauteketju.handling import actions
from palauteketju.handling.attempts import wrong_codes
from palauteketju.intake.actions import receive
from palauteketju.intake.models import Feedback
from palauteketju.intake.submissions import Contact, Submission
from palauteketju.surveys.actions import take_into_use
from palauteketju.surveys.library import question_sets

TEXT = "Vastaanotto oli siisti mutta jonotin tunnin Sinikello-huoneessa."


@pytest.fixture(autouse=True)
def _no_wrong_codes_yet():
    wrong_codes.forget()


@pytest.fixture
def committed(transactional_db):
    """For what is seen by other connections. Django empties its own tables afterwards, the jobs' are not among them."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def at_once(committed):
    """Call a function in two threads at the same moment, each with its own connection; what each returned or raised."""

    def at_once(*calls):
        results, start = [None] * len(calls), threading.Barrier(len(calls))

        def work(number, call):
            try:
                start.wait()
                results[number] = call()
            except Exception as error:  # noqa: BLE001 - handed to the test, which asserts it
                results[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return at_once


@pytest.fixture
def english(client):
    """Words on pages are asserted in the language of the source."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def give(units, at):
    """Give a feedback; `give.receipt` is the code of the last one."""
    take_into_use(question_sets().values(), at=at)

    def give(
        text=TEXT, *, unit=units.keskusta, channel="web", way=None, value="", needs_attention=False, **more
    ):
        submission = Submission(
            unit=unit,
            channel=channel,
            question_set="thl-2",
            language=more.get("language", "en"),
            respondent="customer",
            assisted=False,
            answers=more.get("answers", {"nps": "6", "access": "2"}),
            text=text,
            kind=more.get("kind", ""),
            needs_attention=needs_attention,
            contact=Contact(way, value) if way else None,
            arrived_at=more.get("arrived_at"),
        )
        received = receive(submission, nonce=uuid4(), at=more.get("at", at))
        give.receipt = received.receipt
        return Feedback.objects.get(pk=received.feedback_id)

    return give


@pytest.fixture
def open_case(give, people, at):
    """A triaged feedback; by default its customer asked for an answer by the receipt code."""

    def open_case(text=TEXT, *, way="receipt", **more):
        return actions.triage(give(text, way=way, **more).pk, at=more.get("at", at))

    return open_case


@pytest.fixture
def case(open_case):
    return open_case()


class Postbox:
    """What a mail server took, and what it answers next."""

    def __init__(self):
        self.taken, self.connections = [], 0
        self.answer = "250 OK"
        # What single mailboxes answer, by their addresses.
        self.refusing = {}
        # What our own address is answered.
        self.sender_answer = "250 OK"
        # Called before each message is taken.
        self.slow = None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - the name aiosmtpd calls
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - as above
        envelope.mail_from = address
        return self.sender_answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - as above
        if self.slow:
            self.slow()
        if self.answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - as above
        if self.answer.startswith("550") or address in self.refusing:
            return self.refusing.get(address, self.answer)
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def postbox(settings):
    """A real mail server on a free port of this machine, used by everything the test sends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Postbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()
