"""How it all works, for everybody: /palautekanavat/, /tietosuoja/ and /saavutettavuus/."""

from html import unescape

import pytest

from palauteketju.organisation import rules
from palauteketju.publishing import open_pages

PAGES = ["/palautekanavat/", "/tietosuoja/", "/saavutettavuus/"]


@pytest.fixture
def page(client):
    def get(address, language="en"):
        response = client.get(address, {"kieli": language})
        assert response.status_code == 200
        return unescape(response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")

    return get


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_it_works(page, address, language):
    html = page(address, language)

    assert f'<html lang="{language}">' in html
    assert html.count("<h1>") == 1


@pytest.mark.parametrize("address", PAGES)
def test_it_asks_the_database_for_nothing(client, django_assert_num_queries, db, address):
    with django_assert_num_queries(0):
        client.get(address)


@pytest.fixture
def other_rules(tmp_path, monkeypatch):
    file = tmp_path / "county.toml"
    file.write_text(
        "[anonymity]\nk = 6\npublic_k = 12\n[retention]\nfeedback_days = 730\ncontact_details_days_after_closing = 9\n"
        '[sms]\nsender = "Kysely"\nminimum_age = 13\n'
    )
    changed = rules.read(file)
    monkeypatch.setattr(open_pages, "county_rules", lambda: changed)


def test_the_privacy_page_tells_the_figures_in_force(page, other_rules):
    html = page("/tietosuoja/")

    assert "at least 6 of them" in html
    assert "at least 12 answers" in html
    assert "Contact details: 9 days after" in html
    assert "Feedback: 2 years" in html


def test_the_privacy_page_names_whom_to_ask_and_the_countys_own_notice(page, tmp_path, monkeypatch):
    file = tmp_path / "county.toml"
    file.write_text(
        '[contact]\nprivacy_officer_email = "tietosuoja@county.example"\nprivacy_officer_phone = "044 123 4567"\n'
        'privacy_notice_address = "https://county.example/notice"\n'
    )
    told = rules.read(file)
    monkeypatch.setattr(open_pages, "county_rules", lambda: told)

    html = page("/tietosuoja/")

    assert 'href="mailto:tietosuoja@county.example"' in html
    assert "044 123 4567" in html
    assert 'href="https://county.example/notice"' in html


def test_what_the_county_has_not_told_is_left_out(page):
    html = page("/tietosuoja/")

    assert "mailto:" not in html
    assert "data protection officer" not in html


@pytest.mark.parametrize(
    "line", ['privacy_officer_email = "tietosuoja"', 'privacy_notice_address = "county.example"']
)
def test_a_contact_that_leads_nowhere_is_refused(tmp_path, line):
    file = tmp_path / "county.toml"
    file.write_text(f"[contact]\n{line}\n")

    with pytest.raises(rules.BadCountyFile, match="contact"):
        rules.read(file)


def test_the_ways_tell_what_a_true_survey_message_looks_like(page, other_rules, settings):
    html = page("/palautekanavat/")

    assert "The sender is Kysely" in html
    assert f"The link always begins with {settings.PUBLIC_ADDRESS}/v/." in html
    assert "how was the service? Answer anonymously" in html
    assert "at least 13 years old" in html


def test_the_ways_tell_how_to_forbid_surveys_and_what_feedback_is_not_for(page):
    html = page("/palautekanavat/")

    assert "How to forbid the surveys" in html
    assert "In an emergency call 112." in html
    assert "Lupa- ja valvontavirasto" in html


def test_accessibility_feedback_is_answered_in_two_weeks(page):
    assert "within 14 days" in page("/saavutettavuus/")
