"""Before an answer is sent: how much of it is template, and whether it claims a change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.handling.actions.reply_templates import add_template
from palauteketju.handling.replies.answer_guard import claimed_change, share_of_template

TEMPLATE = "Kiitos palautteestasi. Olemme käsitelleet sen yksikössä, ja vien sen eteenpäin."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kiitos. Olemme muuttaneet aikojen jakamista.", "Olemme muuttaneet"),
        (
            "olemme nyt jo ottaneet uuden puhelimen käyttöön",
            "olemme nyt jo ottaneet uuden puhelimen käyttöön",
        ),
        ("Ohjetta on korjattu.", "on korjattu"),
        ("Korjasimme ohjeen.", "Korjasimme"),
        ("Sovimme henkilökunnan kanssa, että soitamme.", "Sovimme henkilökunnan kanssa, että"),
        ("Olemme muuttanneet kyltit.", "Olemme muuttanneet"),
        ("Vi har nu ändrat anvisningen.", "har nu ändrat"),
        ("Anvisningen har förnyats.", "har förnyats"),
        ("We have changed the signs.", "We have changed"),
        ("We've since fixed the door.", "We've since fixed"),
        ("The guidance has been improved.", "has been improved"),
    ],
)
def test_a_change_is_heard(text, said):
    assert claimed_change(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kiitos palautteesta, pahoittelemme odotusta.",
        "Emme ole muuttaneet ajanvarausta.",
        "Viemme asian eteenpäin.",
        "Ajanvaraus muuttuu ehkä keväällä.",
        "Vi har inte ändrat något.",
        "We have not changed anything.",
        "We are sorry for the wait.",
        "Olemme pahoillamme. Muuttaneet potilaat saavat kutsun.",
    ],
)
def test_what_claims_no_change_is_left_alone(text):
    assert claimed_change(text) == ""


def test_a_whole_template_is_all_template():
    assert share_of_template(TEMPLATE, [TEMPLATE]) == 1.0


def test_own_words_are_none():
    assert share_of_template("Jonotit tunnin, koska kaksi meistä sairastui.", [TEMPLATE]) == 0.0


def test_half_is_half():
    assert (
        share_of_template(
            f"{TEMPLATE} yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen", [TEMPLATE]
        )
        == 0.5
    )


def test_words_that_anybody_uses_are_not_template():
    assert share_of_template("Kiitos palautteestasi. Jonotit tunnin.", [TEMPLATE]) == 0.0


@pytest.mark.parametrize("text", ["", "  ", "…", "Kiitos"])
def test_next_to_nothing_breaks_nothing(text):
    assert share_of_template(text, [TEMPLATE, ""]) in {0.0, 1.0}


@given(st.text(), st.lists(st.text(), max_size=3))
def test_the_share_is_a_share(text, templates):
    assert 0 <= share_of_template(text, templates) <= 1
    assert claimed_change(text) in text


def test_it_is_told_before_sending_and_forbids_nothing(english, people, case, units, at):
    add_template(units.keskusta, language="fi", name="Kiitos", text=TEMPLATE, by=people.aino, at=at)
    english.force_login(people.aino)
    sending = {"kind": "response", "text": f"{TEMPLATE} Olemme muuttaneet ajat.", "step": "preview"}
    page = english.post(f"/kasittely/{case.pk}/vastaa/", sending).content.decode()
    assert "77 % of the words come from a template." in page.replace("\xa0", " ")
    assert "Olemme muuttaneet”" in page
    assert 'href="/toimenpiteet/uusi/?yksikko=keskusta"' in page

    english.post(f"/kasittely/{case.pk}/vastaa/", sending | {"step": "send"})
    case.refresh_from_db()
    assert case.is_closed


def test_an_answer_that_is_nothing_but_template_is_asked_about(english, people, case, units, at):
    add_template(units.keskusta, language="fi", name="Kiitos", text=TEMPLATE, by=people.aino, at=at)
    english.force_login(people.aino)
    sending = {"kind": "response", "text": TEMPLATE, "step": "preview"}
    page = english.post(f"/kasittely/{case.pk}/vastaa/", sending).content.decode()
    assert "Does the answer say something about what this customer wrote?" in page


def test_a_question_to_the_customer_is_not_looked_at(english, people, case):
    english.force_login(people.aino)
    sending = {"kind": "clarification", "text": "Olemme muuttaneet ajat. Milloin kävit?", "step": "preview"}
    assert (
        "measures"
        not in english.post(f"/kasittely/{case.pk}/vastaa/", sending).content.decode().split("<main")[1]
    )
