"""The demo as a newcomer starts it, kills it and starts it again: real processes, its own database."""

import contextlib
import re
import signal
import socket
import subprocess
import threading
import time
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from palauteketju.project.demo import PEOPLE
from tests.project.conftest import assert_refused, command, environment

SMALL = ("--units", 6, "--weeks", 2, "--per-week", 40)


class Demo:
    """One run of the demo in a data folder."""

    def __init__(self, data, port, *more):
        self.data, self.site = data, f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            command("demo", "--port", port, "--data", data, *SMALL, *more),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = []

    def until(self, beginning):
        """Read on until it says a line that begins so."""
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if line.startswith(beginning):
                return self
        raise AssertionError("\n".join(self.said))

    def logins(self):
        return {line.split()[1]: line.split()[2:] for line in self.said if line.startswith("Login: ")}

    def end(self, how=signal.SIGKILL):
        """Returns the exit status, and waits until everything that belongs to the folder has gone."""
        self.process.send_signal(how)
        rest = self.process.stdout.read()
        status = self.process.wait(timeout=15)
        self.process.stdout.close()
        until = time.monotonic() + 15
        while processes_of(self.data):
            assert time.monotonic() < until, processes_of(self.data)
            time.sleep(0.05)
        # Asked to stop, everything does so by itself.
        assert how == signal.SIGKILL or "Killing" not in rest
        return status


def processes_of(data):
    """The command lines of what runs in a data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_text().replace("\0", " ")
            surroundings = (entry / "environ").read_bytes()
            if str(data) in words or f"PALAUTEKETJU_DATA={data}\0".encode() in surroundings:
                found.append((entry.name, words))
    return found


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def demo(tmp_path, port):
    """Start the demo in the test's own folder; what a failed test left running is killed."""
    started = []

    def start(*more):
        started.append(Demo(tmp_path / "data", port, *more))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()
        each.process.stdout.close()


def browser():
    return build_opener(HTTPCookieProcessor(CookieJar()))


def opened(client, address, fields=None):
    with client.open(address, urlencode(fields).encode() if fields else None, timeout=10) as page:
        return page.geturl(), page.read().decode()


def form_on(page):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def give(site, receipts):
    """Send one feedback and keep its receipt as soon as it is acknowledged."""
    _url, page = opened(browser(), f"{site}/p/y001/")
    _url, thanks = opened(
        browser(), f"{site}/p/y001/", form_on(page) | {"answers.nps": "9", "text": "Kiitos."}
    )
    receipts.append(re.search(r'<p class="code">([\d ]+)</p>', thanks)[1])


def test_it_survives_two_kills_with_everything_it_acknowledged(demo, tmp_path, port):
    killed_while_it_invents_a_county(demo)
    first = demo().until("Ready: ")
    # The half is thrown away: what a customer sees is one county, invented whole.
    assert any(line.startswith("Throwing away") for line in first.said)
    assert not (first.data / "demo.loading").exists()
    assert set(first.logins()) == set(PEOPLE)
    the_handler_signs_in(first)
    a_second_one_is_refused(tmp_path, port)

    receipts = []
    givers = [threading.Thread(target=give_until_it_ends, args=(first.site, receipts)) for _ in range(3)]
    for giver in givers:
        giver.start()
    while len(receipts) < 15:
        time.sleep(0.01)
    first.end(signal.SIGKILL)
    for giver in givers:
        giver.join()

    second = demo().until("Ready: ")
    assert second.logins() == first.logins()
    for receipt in receipts:
        assert "Kiitos." in opened(browser(), f"{second.site}/palautteeni/", {"code": receipt})[1]
    asked = time.monotonic()
    assert second.end(signal.SIGTERM) == 0
    assert time.monotonic() - asked < 8


def killed_while_it_invents_a_county(demo):
    half = demo("--weeks", 40).until("week 0 of 40")
    time.sleep(0.5)
    half.end(signal.SIGKILL)
    assert (half.data / "demo.loading").exists()


def the_handler_signs_in(run):
    user, password = run.logins()["handler"]
    client = browser()
    _url, page = opened(client, f"{run.site}/kirjaudu/")
    url, page = opened(
        client, f"{run.site}/kirjaudu/", form_on(page) | {"username": user, "password": password}
    )
    assert url == f"{run.site}/tyolista/"
    assert "Aino Virtanen" in page
    assert "/kasittely/" in page


def a_second_one_is_refused(folder, port):
    for data, sentence in ((folder / "other", "cannot be used"), (folder / "data", "runs in")):
        done = subprocess.run(
            command("demo", "--port", port, "--data", data),
            env=environment(),
            capture_output=True,
            timeout=30,
            check=False,
        )
        assert_refused(done, sentence)
        assert len(done.stderr.splitlines()) == 1


def give_until_it_ends(site, receipts):
    with contextlib.suppress(URLError, OSError, TypeError):
        while True:
            give(site, receipts)


def test_a_folder_that_holds_something_else_is_left_alone(run, tmp_path, port):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "thesis.odt").touch()
    assert_refused(run("demo", "--port", port), "holds something else (thesis.odt)")
    assert {entry.name for entry in (tmp_path / "data").iterdir()} == {"demo.lock", "thesis.odt"}


def test_a_port_that_does_not_exist_is_refused(run):
    assert_refused(run("demo", "--port", 70000), "Port 70000 does not exist")
