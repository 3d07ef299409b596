"""What makes a configuration unsafe for real customers, each with what to do about it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from palauteketju.handling.triage import rules_in_use
from palauteketju.handling.triage.themes import BadThemes
from palauteketju.handling.triage.urgency import BadRules
from palauteketju.organisation.look import county_brand
from palauteketju.organisation.rules import county_rules
from palauteketju.project.commands import Refused
from palauteketju.surveys.library import question_set, question_sets


def problems() -> Iterator[str]:
    """What `check` refuses. Raises BadCountyFile, BadBrand or BadQuestionSet for a file that cannot be read at all."""
    rules = county_rules()
    county_brand()
    if rules.question_set not in question_sets():
        yield f"county.toml: there is no question set {rules.question_set!r}."
    else:
        definition = question_set(rules.question_set)
        yield from (
            f"county.toml: [sms] asks {name!r}, which is not in {definition.name}."
            for name in rules.sms.questions
            if definition.question(name) is None
        )
    yield from _of_word_files()
    if not re.fullmatch(r"[A-Za-z0-9 ]{3,11}", rules.sms.sender):
        yield "county.toml: [sms] sender must be 3-11 characters of A-Z, a-z, 0-9 and space."
    if settings.IS_PRODUCTION:
        yield from _of_production()


def _of_word_files() -> Iterator[str]:
    # Not refused by themselves: without rules every feedback counts as urgent, and nobody would know why.
    # The theme words saved on the page were judged there; the database need not be there yet.
    for read in (rules_in_use.urgency_rules, rules_in_use.themes_with_file):
        try:
            read()
        except (BadRules, BadThemes) as error:
            yield str(error)


def _of_production() -> Iterator[str]:
    if not settings.IS_HTTPS:
        yield "PALAUTEKETJU_ADDRESS must be an https address: what customers write must not travel in clear."
    if settings.SMS_GATEWAY == "simulator":
        yield "PALAUTEKETJU_SMS_GATEWAY is the simulator, which shows everybody's messages on a page."
    if settings.SMS_GATEWAY == "http" and not settings.SMS_HTTP_ADDRESS.startswith("https://"):
        yield "PALAUTEKETJU_SMS_HTTP_ADDRESS must be an https address: it is sent phone numbers."
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield "PALAUTEKETJU_FROM is not set: prompts need a sender address that can be answered."
    mail = EmailBackend()
    if not (mail.use_tls or mail.use_ssl) and mail.host not in {"127.0.0.1", "localhost", "::1"}:
        yield "PALAUTEKETJU_SMTP sends mail in clear to another machine; use smtp:// or smtps://."
    keys = Path(settings.DATA_DIR) / "keys.toml"
    if keys.exists() and keys.stat().st_mode & 0o077:
        yield f"{keys.name} can be read by others than its owner; run chmod 600 on it."
    if shutil.disk_usage(Path(settings.DATA_DIR).parent).free < 500_000_000:
        yield "The disk of the data folder has less than 500 MB left."


def remarks() -> Iterator[str]:
    """What is not unsafe but should be mended before customers come."""
    for name in county_rules().contact.missing:
        yield f"county.toml: [contact] {name} is empty, so /tietosuoja/ does not tell it to customers."


def refuse_if_unsafe() -> None:
    """Raises Refused listing every problem."""
    if found := list(problems()):
        raise Refused("\n".join(found))
