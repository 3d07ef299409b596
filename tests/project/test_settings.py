"""What the environment may say, what stops a start, and where the keys come from."""

import stat

import pytest
from django.db import connection

from palauteketju.privacy.encryption import KeyRing
from palauteketju.project import environment, keys, safety
from palauteketju.project.commands import Refused
from palauteketju.project.environment import BadEnvironment
from tests.project.conftest import KEYS, SERVER, assert_refused

BROKEN = {
    "PALAUTEKETJU_ADDRESS": "http://palaute.example.fi",
    "PALAUTEKETJU_SMS_GATEWAY": "simulator",
    "PALAUTEKETJU_SMTP": "smtp+plain://mail.example.fi",
    "PALAUTEKETJU_FROM": "palaute@localhost",
}


@pytest.fixture
def production(settings, tmp_path):
    """Settings that a county could run with."""
    settings.DATA_DIR = tmp_path
    settings.IS_PRODUCTION = settings.IS_HTTPS = settings.EMAIL_USE_TLS = True
    settings.EMAIL_HOST = "mail.example.fi"
    settings.SMS_GATEWAY = "http"
    settings.SMS_HTTP_ADDRESS = "https://sms.example.fi/"
    settings.DEFAULT_FROM_EMAIL = "palaute@example.fi"
    return settings


def test_it_works(production):
    assert list(safety.problems()) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("IS_HTTPS", False, "must be an https address"),
        ("SMS_GATEWAY", "simulator", "is the simulator"),
        ("SMS_HTTP_ADDRESS", "http://sms.example.fi/", "phone numbers"),
        ("EMAIL_USE_TLS", False, "in clear to another machine"),
        ("DEFAULT_FROM_EMAIL", "palaute@localhost", "PALAUTEKETJU_FROM"),
    ],
)
def test_an_unsafe_setting_is_told(production, name, value, sentence):
    setattr(production, name, value)
    [problem] = safety.problems()
    assert sentence in problem


def test_what_customers_are_not_told_is_said_but_not_refused(production):
    officer, notice = safety.remarks()

    assert "[contact] privacy_officer_email is empty" in officer
    assert "[contact] privacy_notice_address is empty" in notice
    assert list(safety.problems()) == []


def test_mail_may_go_in_clear_to_this_very_machine(production):
    production.EMAIL_USE_TLS, production.EMAIL_HOST = False, "127.0.0.1"
    assert list(safety.problems()) == []


def test_an_unsafe_configuration_is_not_served_and_everything_is_told_at_once(run):
    done = run("serve", "--port", "1", DATABASE_URL=SERVER, PALAUTEKETJU_KEYS=KEYS, **BROKEN)
    assert_refused(done, "https address", "the simulator", "in clear", "PALAUTEKETJU_FROM")
    assert len(done.stderr.splitlines()) == 4


def test_production_does_not_start_without_a_key(run, tmp_path):
    assert_refused(run("worker", DATABASE_URL=SERVER), "There is no key", "make-keys")
    assert not (tmp_path / "data" / "keys.toml").exists()


def test_a_key_file_that_others_can_read_is_refused(production, tmp_path):
    (tmp_path / "keys.toml").write_text(KEYS)
    (tmp_path / "keys.toml").chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        safety.refuse_if_unsafe()


def test_beside_the_embedded_database_a_key_is_made_once(tmp_path, monkeypatch):
    monkeypatch.delenv("PALAUTEKETJU_KEYS", raising=False)
    first = keys.load(tmp_path, production=False)
    file = tmp_path / "keys.toml"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keys.load(tmp_path, production=False).dump() == first.dump()
    assert [entry.name for entry in tmp_path.iterdir()] == ["keys.toml"]


def test_two_processes_that_make_a_key_at_once_have_the_same(tmp_path):
    file = tmp_path / "keys.toml"
    keys.write(file, KeyRing.generate())
    made = file.read_text()
    keys.write(file, KeyRing.generate())
    assert file.read_text() == made


def test_the_given_keys_come_before_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("PALAUTEKETJU_KEYS", KEYS)
    assert keys.load(tmp_path, production=True).dump() == KEYS
    assert not list(tmp_path.iterdir())


def test_keys_may_be_mounted_as_a_file(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text(f"{KEYS}\n")
    monkeypatch.delenv("PALAUTEKETJU_KEYS", raising=False)
    monkeypatch.setenv("PALAUTEKETJU_KEYS_FILE", str(tmp_path / "secret"))
    assert keys.load(tmp_path / "data", production=True).dump() == KEYS

    monkeypatch.setenv("PALAUTEKETJU_KEYS_FILE", str(tmp_path / "nothing"))
    with pytest.raises(BadEnvironment, match="PALAUTEKETJU_KEYS_FILE names"):
        keys.load(tmp_path / "data", production=True)


def test_a_broken_key_is_refused_without_being_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("PALAUTEKETJU_KEYS", KEYS.replace("=", "= 7", 1))
    with pytest.raises(BadEnvironment, match="cannot be used") as refused:
        keys.load(tmp_path, production=True)
    assert all(
        line.partition('"')[2][:20] not in str(refused.value) for line in KEYS.splitlines() if '"' in line
    )


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: environment.boolean("SETTING", default=False), "maybe"),
        (lambda: environment.whole_number("SETTING", 4), "-1"),
        (lambda: environment.whole_number("SETTING", 4), "four"),
        (lambda: environment.one_of("SETTING", ("none", "http"), "none"), "htpp"),
        (lambda: environment.public_address("SETTING", ""), "palaute.example.fi"),
        (lambda: environment.public_address("SETTING", ""), "https://example.fi/palaute"),
        (lambda: environment.public_address("SETTING", ""), "ftp://example.fi"),
        (lambda: environment.smtp("SETTING", ""), "mail.example.fi"),
        (lambda: environment.smtp("SETTING", ""), "http://mail.example.fi"),
        (lambda: environment.smtp("SETTING", ""), "smtp://mail.example.fi:mail"),
        (lambda: environment.public_address("SETTING", ""), "https://example.fi:port"),
    ],
)
def test_a_setting_that_means_nothing_is_told_in_one_sentence(monkeypatch, read, value):
    monkeypatch.setenv("SETTING", value)
    with pytest.raises(BadEnvironment, match=r"^SETTING ") as refused:
        read()
    assert "\n" not in str(refused.value)


def test_a_missing_setting_is_named(monkeypatch):
    monkeypatch.delenv("SETTING", raising=False)
    with pytest.raises(BadEnvironment, match="SETTING is not set"):
        environment.text("SETTING")


def test_the_password_of_the_mail_server_is_never_repeated(monkeypatch):
    monkeypatch.setenv("SETTING", "imap://user:hush@mail.example.fi")
    with pytest.raises(BadEnvironment) as refused:
        environment.smtp("SETTING", "")
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "port", "tls", "ssl"),
    [
        ("smtp://u:p@m", 587, True, False),
        ("smtps://m", 465, False, True),
        ("smtp+plain://m:2525", 2525, False, False),
    ],
)
def test_a_mail_address_says_how_it_is_protected(monkeypatch, address, port, tls, ssl):
    monkeypatch.setenv("SETTING", address)
    found = environment.smtp("SETTING", "")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)


@pytest.mark.django_db
def test_no_statement_is_compiled():
    with connection.cursor() as cursor:
        assert cursor.execute("SHOW jit").fetchone() == ("off",)
