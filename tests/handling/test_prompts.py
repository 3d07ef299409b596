"""Prompts: e-mails that say a case needs somebody, and nothing of what was written."""

from datetime import timedelta

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.models import Case, Prompt
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.models import Role

SECRET = "Sinikello-huoneen hoitaja Reijo laiminlöi isääni, joka melkein kuoli"


@pytest.fixture
def prompt(open_case, people):
    case = open_case(SECRET, way="email", value="matti.asiakas@example.fi")
    return case.prompts.get(person=people.aino)


def test_it_works(prompt, postbox, at):
    assert actions.send_prompts([prompt.pk], at=at)

    prompt.refresh_from_db()
    assert prompt.sent_at == at
    (mail,) = postbox.taken
    assert mail["To"] == "aino@example.fi"
    assert f"/kasittely/{prompt.case_id}/" in mail.get_content()
    assert Entry.objects.filter(action="handling.prompt.sent", subject_id=str(prompt.case_id)).exists()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_nothing_of_the_feedback_is_in_the_mail(prompt, people, postbox, at, language):
    people.aino.language = language
    people.aino.save()
    actions.send_prompts([prompt.pk], at=at)

    everything = postbox.taken[0].as_string() + postbox.taken[0].get_content()
    for word in [*SECRET.split(), "matti.asiakas", "neglect", "Neglect"]:
        assert word not in everything


def test_the_deadline_and_the_unit_are_in_the_mail(prompt, people, postbox, at):
    people.aino.language = "en"
    people.aino.save()
    actions.send_prompts([prompt.pk], at=at)

    mail = postbox.taken[0]
    assert mail["Subject"] == "Urgent feedback needs you"
    assert "17\xa0Nov\xa02026" in mail.get_content().replace(" ", "\xa0")
    assert "Keskustan terveysasema" in mail.get_content()


def test_a_sensitive_unit_is_not_named(open_case, units, people, postbox, at):
    Role.objects.create(person=people.outi, kind=Role.Kind.HANDLER, unit=units.psyk)
    actions.send_prompts([open_case(SECRET, unit=units.psyk).prompts.get().pk], at=at)
    assert "Psykiatria" not in postbox.taken[0].get_content()


def test_the_second_time_nothing_is_sent(prompt, postbox, at):
    actions.send_prompts([prompt.pk], at=at)
    assert not actions.send_prompts([prompt.pk], at=at + timedelta(minutes=1))
    assert len(postbox.taken) == 1


def test_a_prompt_repeated_after_a_crash_carries_the_same_id(prompt, postbox, at):
    actions.send_prompts([prompt.pk], at=at)
    Prompt.objects.update(sent_at=None)  # as if the process had died before its commit
    actions.send_prompts([prompt.pk], at=at)
    assert postbox.taken[0]["Message-ID"] == postbox.taken[1]["Message-ID"]


@pytest.mark.parametrize(("answer", "is_final"), [("451 Try later", False), ("550 No such mailbox", True)])
def test_a_server_that_refuses_leaves_the_prompt_waiting(prompt, postbox, at, answer, is_final):
    postbox.answer = answer
    with pytest.raises(MailNotSent) as refused:
        actions.send_prompts([prompt.pk], at=at)

    assert refused.value.is_final == is_final
    assert "aino" not in str(refused.value)
    prompt.refresh_from_db()
    assert prompt.sent_at is None
    postbox.answer = "250 OK"
    assert actions.send_prompts([prompt.pk], at=at)


def test_a_server_that_is_down_leaves_the_prompt_waiting(prompt, settings, at):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(MailNotSent, match="ConnectionRefusedError"):
        actions.send_prompts([prompt.pk], at=at)
    prompt.refresh_from_db()
    assert prompt.sent_at is None


def test_who_no_longer_handles_is_not_prompted(prompt, people, postbox, at):
    Role.objects.filter(person=people.aino).delete()
    assert not actions.send_prompts([prompt.pk], at=at)
    assert postbox.taken == []


def test_who_has_left_is_not_prompted(prompt, people, postbox, at):
    people.aino.is_active = False
    people.aino.save()
    assert not actions.send_prompts([prompt.pk], at=at)
    assert postbox.taken == []


def test_a_closed_case_prompts_nobody(prompt, people, postbox, at):
    actions.close_case(prompt.case, Case.Outcome.NO_ANSWER_POSSIBLE, by=people.eero, at=at, done="Soitettu.")
    assert not actions.send_prompts([prompt.pk], at=at)
    assert postbox.taken == []


def test_a_prompt_that_is_gone_is_no_error(db, at):
    assert not actions.send_prompts([12345], at=at)
