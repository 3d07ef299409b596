"""Reply templates: written at /vastauspohjat/, used in the reply box."""

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling.actions.reply_templates import add_template
from palauteketju.handling.errors import TemplateNameTaken
from palauteketju.handling.models import ReplyTemplate
from palauteketju.handling.replies.fields import filled, places_left

TEXT = "Kiitos palautteesta, {yksikkö}. Vastaamme {määräpäivä}. {mitä tehtiin}"


@pytest.fixture
def template(units, people, at):
    return add_template(units.keskusta, language="fi", name="Kiitos", text=TEXT, by=people.aino, at=at)


@pytest.fixture
def writing(units):
    return {"unit": units.keskusta.pk, "language": "fi", "name": "Pahoittelu", "text": "Olemme pahoillamme."}


def test_it_works(client, people, writing):
    client.force_login(people.aino)
    assert client.post("/vastauspohjat/uusi/", writing).url == "/vastauspohjat/"
    template = ReplyTemplate.objects.get()
    assert (template.name, template.text) == ("Pahoittelu", "Olemme pahoillamme.")
    assert Entry.objects.last().action == "handling.reply_template.added"
    assert "Pahoittelu" in client.get("/vastauspohjat/").content.decode()


@pytest.mark.parametrize(
    "broken", [{"name": ""}, {"text": ""}, {"language": "de"}, {"unit": ""}, {"name": "x" * 81}]
)
def test_what_is_missing_is_said(client, people, writing, broken):
    client.force_login(people.aino)
    assert client.post("/vastauspohjat/uusi/", writing | broken).status_code == 422
    assert not ReplyTemplate.objects.exists()


def test_a_name_is_taken_once(client, people, template, writing, units, at):
    client.force_login(people.aino)
    assert client.post("/vastauspohjat/uusi/", writing | {"name": "Kiitos"}).status_code == 422
    with pytest.raises(TemplateNameTaken):
        add_template(units.keskusta, language="fi", name="Kiitos", text="x", by=people.aino, at=at)
    assert ReplyTemplate.objects.count() == 1


def test_another_units_handler_neither_sees_nor_changes_it(client, people, template, writing):
    client.force_login(people.outi)
    assert "Kiitos" not in client.get("/vastauspohjat/").content.decode()
    assert client.get(f"/vastauspohjat/{template.pk}/").status_code == 404
    assert client.post("/vastauspohjat/uusi/", writing).status_code == 422


@pytest.mark.parametrize("name", ["mikko", "jaana", "viivi", "aada", "petra"])
def test_only_handlers_write_them(client, people, writing, name):
    client.force_login(getattr(people, name))
    assert client.get("/vastauspohjat/").status_code == 404
    assert client.post("/vastauspohjat/uusi/", writing).status_code == 404


def test_it_can_be_changed_and_deleted(client, people, template, writing):
    client.force_login(people.eero)
    client.post(f"/vastauspohjat/{template.pk}/", writing)
    template.refresh_from_db()
    assert template.name == "Pahoittelu"
    client.post(f"/vastauspohjat/{template.pk}/", {"step": "delete"})
    assert not ReplyTemplate.objects.exists()
    assert Entry.objects.last().action == "handling.reply_template.deleted"


def test_it_is_added_below_what_was_written(client, people, case, template):
    client.force_login(people.aino)
    sent = {"text": "Hei.", "kind": "response", "step": "template", "template": template.pk}
    response = client.post(f"/kasittely/{case.pk}/vastaa/", sent)
    text = response.context["reply"]["text"].value().replace("\xa0", " ")
    assert (
        text == "Hei.\n\nKiitos palautteesta, Keskustan terveysasema. Vastaamme ma 30.11.2026. {mitä tehtiin}"
    )
    assert response.context["reply"]["kind"].value() == "response"


def test_no_message_goes_out_with_a_place_to_fill(client, people, case):
    client.force_login(people.aino)
    sending = {"text": "Kiitos. {mitä tehtiin}", "kind": "response", "step": "send"}
    response = client.post(f"/kasittely/{case.pk}/vastaa/", sending)
    assert response.status_code == 422
    assert "{mitä tehtiin}" in response.context["reply"].errors["text"][0]
    assert not case.messages.exists()


def test_templates_of_the_area_and_the_county_are_offered_too_and_other_units_are_not(
    client, people, case, units, at
):
    for unit in (units.keskusta, units.health, units.county, units.psyk, units.koti):
        add_template(unit, language="en", name=unit.code, text="x", by=people.aino, at=at)
    add_template(units.keskusta, language="fi", name="suomeksi", text="x", by=people.aino, at=at)
    client.force_login(people.aino)
    offered = [one.name for one in client.get(f"/kasittely/{case.pk}/").context["templates"]]
    # The customer's language first.
    assert offered == ["keskusta", "terveys", "sata", "suomeksi"]


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30])
def test_a_template_that_is_not_there_adds_nothing(client, people, case, number):
    client.force_login(people.aino)
    sent = {"text": "Hei.", "step": "template", "template": number}
    response = client.post(f"/kasittely/{case.pk}/vastaa/", sent)
    assert response.context["reply"]["text"].value() == "Hei."


def test_fields_are_filled_in_the_templates_language(case):
    assert filled("{enhet}", case, language="sv") == "Keskustan terveysasema sv"
    assert filled("{Unit} {ARRIVAL DAY}", case, language="en").replace("\xa0", " ") == (
        "Keskustan terveysasema en Mon 16 Nov 2026"
    )


def test_a_deadline_that_is_not_there_stays_a_place_to_fill(case):
    case.due_at = None
    assert places_left(filled("{deadline} {deadline} {x}", case, language="en")) == ["{deadline}", "{x}"]


def test_who_added_one_goes_on_in_the_text_field(client, people, case, template):
    client.force_login(people.aino)
    assert "autofocus" not in client.get(f"/kasittely/{case.pk}/").content.decode()
    sent = {"text": "Hei.", "step": "template", "template": template.pk}
    page = client.post(f"/kasittely/{case.pk}/vastaa/", sent).content.decode()
    field = page.split('<textarea name="text"')[1].split(">")[0]
    assert 'id="reply_text"' in field
    assert "autofocus" in field
    assert page.count("autofocus") == 1
