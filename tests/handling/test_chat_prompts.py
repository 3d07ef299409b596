"""Prompts to a chat channel: what the webhook gets, what it never gets, and where it may be."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.errors import AddressNotAllowed, ChatNotSent
from palauteketju.handling.models import Case, ChatChannel, ChatPost, Prompt, PromptSettings
from palauteketju.handling.prompting import chat

SECRET = "Sinikello-huoneen hoitaja Reijo laiminlöi isääni, joka melkein kuoli"


class Channel:
    """A chat's webhook, by a real server."""

    def __init__(self):
        self.posted, self.answers, self.headers = [], [], {}
        channel = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                channel.posted.append((self.path, json.loads(body)))
                status = channel.answers.pop(0) if channel.answers else 200
                self.send_response(status)
                for name, value in channel.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook/sala"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def channel():
    channel = Channel()
    yield channel
    channel.stop()


@pytest.fixture
def add(units, people, channel, at):
    def add(unit=units.keskusta, of=ChatChannel.Format.TEXT, *, only_urgent=False):
        return actions.add_channel(
            unit, channel.address, of=of, only_urgent=only_urgent, by=people.aada, at=at
        )

    return add


def test_it_works(add, open_case, channel, at):
    add()
    case = open_case(SECRET)
    assert actions.send_chat(ChatPost.objects.get().pk, at=at)

    ((path, body),) = channel.posted
    assert path == "/hook/sala"
    assert f"/kasittely/{case.pk}/" in body["text"]
    assert Entry.objects.filter(action="handling.chat.posted", subject_id=str(case.pk)).exists()


@pytest.mark.parametrize("of", list(ChatChannel.Format))
def test_nothing_of_the_feedback_is_in_it(add, open_case, units, channel, at, of):
    add(units.health, of)
    open_case(SECRET, unit=units.psyk, way="email", value="matti.asiakas@example.fi")
    actions.send_chat(ChatPost.objects.get().pk, at=at)

    everything = json.dumps(channel.posted[0][1], ensure_ascii=False)
    for word in [*SECRET.split(), "matti.asiakas", "Psykiatria"]:
        assert word not in everything


def test_teams_gets_a_card(add, open_case, channel, at):
    add(of=ChatChannel.Format.TEAMS)
    case = open_case(SECRET)
    actions.send_chat(ChatPost.objects.get().pk, at=at)
    card = channel.posted[0][1]["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard"
    assert card["actions"][0]["url"].endswith(f"/kasittely/{case.pk}/")


def test_the_areas_channel_serves_units_without_their_own(add, open_case, units, at):
    of_area, own = add(units.health), add(units.keskusta)
    open_case()
    open_case("Toinen.", unit=units.psyk)
    assert list(ChatPost.objects.order_by("pk").values_list("channel", flat=True)) == [own.pk, of_area.pk]


def test_a_channel_for_urgent_feedback_gets_no_other(add, open_case):
    add(only_urgent=True)
    open_case()
    assert not ChatPost.objects.exists()
    open_case(SECRET)
    assert ChatPost.objects.count() == 1


def test_once_posted_it_is_not_posted_again(add, open_case, channel, at):
    add()
    open_case()
    post = ChatPost.objects.get()
    actions.send_chat(post.pk, at=at)
    assert not actions.send_chat(post.pk, at=at)
    assert len(channel.posted) == 1


def test_a_chat_that_answers_500_loses_nothing(add, open_case, channel, at):
    add()
    open_case()
    post = ChatPost.objects.get()
    channel.answers = [500] * 3
    for number in range(3):
        with pytest.raises(ChatNotSent, match="500"):
            actions.send_chat(post.pk, at=at)
        post.refresh_from_db()
        assert (post.tries, post.failure, post.sent_at) == (number + 1, "500", None)
    assert actions.send_chat(post.pk, at=at)
    assert len(channel.posted) == 4


def test_a_redirection_is_not_followed(add, open_case, channel, at):
    add()
    open_case()
    channel.answers, channel.headers = [302], {"Location": channel.address}
    with pytest.raises(ChatNotSent, match="302"):
        actions.send_chat(ChatPost.objects.get().pk, at=at)
    assert len(channel.posted) == 1


def test_a_chat_that_is_gone_tells_neither_address_nor_unit(add, open_case, channel, at):
    add()
    open_case()
    channel.stop()
    with pytest.raises(ChatNotSent) as failed:
        actions.send_chat(ChatPost.objects.get().pk, at=at)
    assert str(failed.value) == "ConnectError"
    assert failed.value.__cause__ is None


def test_a_closed_case_is_not_posted(add, open_case, people, channel, at):
    add()
    case = open_case()
    actions.close_case(case, Case.Outcome.NO_ANSWER_POSSIBLE, by=people.eero, at=at, done="Soitettu.")
    assert not actions.send_chat(ChatPost.objects.get().pk, at=at)
    assert channel.posted == []


def test_the_address_is_sealed_and_forgotten_when_closed(add, people, channel, at):
    added = add()
    stored = bytes(ChatChannel.objects.get().sealed)
    assert b"sala" not in stored
    assert ChatChannel.objects.get().reveal() == channel.address
    assert "sala" not in str(list(Entry.objects.values_list("facts", flat=True)))
    actions.close_channel(added, by=people.aada, at=at)
    assert bytes(ChatChannel.objects.get().sealed) == b""


def test_a_new_channel_takes_the_place_of_the_old_one(add, open_case, channel):
    old, new = add(), add()
    open_case()
    assert ChatPost.objects.get().channel == new
    old.refresh_from_db()
    assert old.closed_at


def test_who_wishes_chat_for_urgent_gets_no_mail_where_there_is_one(add, open_case, units, people, at):
    PromptSettings.objects.create(
        person=people.aino, urgent="chat", others="digest", digest_hour=8, digest_weekdays=[1]
    )
    assert open_case(SECRET).prompts.get(person=people.aino).mail_at == at
    add()
    assert open_case(SECRET + ".").prompts.get(person=people.aino).mail_at is None


@pytest.fixture
def relied_on(add, open_case, people):
    """A post that waits, of an urgent case that Aino wished to hear of in the channel only."""
    PromptSettings.objects.create(
        person=people.aino, urgent="chat", others="digest", digest_hour=8, digest_weekdays=[1]
    )
    add()
    open_case(SECRET)
    return ChatPost.objects.get()


def test_what_waits_goes_to_the_channel_that_takes_the_place(add, relied_on, channel, at):
    new = add()
    relied_on.refresh_from_db()
    assert (relied_on.channel, relied_on.dropped_at) == (new, None)
    assert actions.send_chat(relied_on.pk, at=at)
    assert len(channel.posted) == 1


def test_where_none_takes_its_place_they_are_mailed(relied_on, people, postbox, at):
    actions.close_channel(relied_on.channel, by=people.aada, at=at)
    prompt = Prompt.objects.get(person=people.aino)
    assert prompt.mail_at == at
    assert actions.send_prompts([prompt.pk], at=at) == 1
    assert postbox.taken[0]["To"] == "aino@example.fi"


def test_a_chat_that_fails_for_minutes_is_not_waited_for(relied_on, people, channel, at):
    channel.answers = [500] * 3
    for mailed in (None, None, at):
        with pytest.raises(ChatNotSent):
            actions.send_chat(relied_on.pk, at=at)
        assert Prompt.objects.get(person=people.aino).mail_at == mailed


def test_who_has_seen_it_is_not_mailed_instead(relied_on, people, at):
    Prompt.objects.update(seen_at=at)
    actions.close_channel(relied_on.channel, by=people.aada, at=at)
    assert Prompt.objects.get(person=people.aino).mail_at is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://example.fi/",
        "http://example.fi/",
        "https://",
        "https://user:password@example.fi/",
        "https://example.fi:99999/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://[",
    ],
)
def test_in_production_such_an_address_is_refused(address):
    with pytest.raises(AddressNotAllowed):
        chat.check_address(address, anywhere=False)


@pytest.mark.parametrize(
    "address", ["https://example.fi/hook", "https://8.8.8.8/", "https://[2606:4700::1111]/"]
)
def test_in_production_the_open_internet_is_allowed(address):
    chat.check_address(address, anywhere=False)


def test_a_name_that_leads_inside_is_refused_when_it_is_called(add, open_case, channel, settings, at):
    added = add()
    added.hide(f"https://localhost:{channel.server.server_port}/hook")
    added.save()
    open_case()
    settings.IS_PRODUCTION = True
    with pytest.raises(ChatNotSent, match="open internet"):
        actions.send_chat(ChatPost.objects.get().pk, at=at)
    assert channel.posted == []
