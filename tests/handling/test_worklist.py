"""The worklist, at /tyolista/."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.handling import actions, handover, queries
from palauteketju.handling.models import Case, ThemeCorrection
from palauteketju.handling.queries import State
from palauteketju.organisation.deadlines import end_of
from palauteketju.organisation.models import Role
from palauteketju.project import page as page_around

URL = "/tyolista/"
URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


@pytest.fixture
def now():
    return timezone.now()


def make_cases(give, count, *, at, **more):
    """Many at once: what a case needs to be on the list, without the way it came."""
    feedback = [give(at=at, **more) for _ in range(count)]
    return Case.objects.bulk_create(
        Case(
            feedback=one,
            unit=one.unit,
            road="contact",
            channel=one.channel,
            arrived_at=at,
            opened_at=at,
            due_at=at + timedelta(days=14),
        )
        for one in feedback
    )


def test_it_works(english, people, open_case, now):
    case = open_case(at=now)
    english.force_login(people.aino)
    page = english.get(URL).content.decode()

    assert f'href="/kasittely/{case.pk}/"' in page
    assert "The customer has been waiting for an answer since" in page
    assert "Keskustan terveysasema en" in page
    assert "14 days left" in page


def test_no_word_of_the_feedback_is_on_it(client, people, open_case, now):
    open_case("Sinikello ja rotkolemmikki", at=now)
    for person in (people.aino, people.mikko):
        client.force_login(person)
        page = client.get(URL).content.decode()
        assert "Sinikello" not in page
        assert "/kasittely/" in page


def test_what_needs_me_first_comes_first(client, people, open_case, now):
    going = open_case(at=now)
    actions.record_note(going, "Selvitän.", by=people.aino, at=now)
    new = open_case(at=now)
    waiting = open_case(at=now)
    actions.ask_clarification(waiting, "Milloin?", by=people.aino, at=now)
    today = open_case(at=now - timedelta(days=14))
    late = open_case(at=now - timedelta(days=20))
    urgent = open_case(URGENT, at=now)

    client.force_login(people.aino)
    response = client.get(URL)
    order = [row["url"] for group in response.context["groups"] for row in group["rows"]]
    assert order == [f"/kasittely/{case.pk}/" for case in (urgent, late, today, waiting, new, going)]
    assert [group["state"] for group in response.context["groups"]] == list(State)


def test_a_customer_who_wrote_more_counts_as_new(people, open_case, now):
    case = open_case(at=now)
    actions.ask_clarification(case, "Milloin?", by=people.aino, at=now)
    actions.write_as_customer(case, "Eilen.", at=now)
    by_state = queries.worklist(people.aino, at=now).by_state
    assert (by_state[State.NEW], by_state[State.WAITING]) == (1, 0)


def test_closed_cases_leave_the_list(client, people, open_case, now):
    actions.answer(open_case(at=now), "Kiitos.", by=people.aino, at=now)
    client.force_login(people.aino)
    assert client.get(URL).context["worklist"].total == 0


def test_other_units_cases_are_not_there(client, people, units, open_case, now):
    open_case(at=now)
    own = open_case(unit=units.koti, at=now)
    client.force_login(people.outi)
    response = client.get(URL)
    assert [row["url"] for group in response.context["groups"] for row in group["rows"]] == [
        f"/kasittely/{own.pk}/"
    ]
    assert handover.open_case_count(people.outi) == 1


def test_a_manager_sees_the_cases_of_the_area(client, people, units, open_case, now):
    open_case(at=now)
    open_case(unit=units.psyk, at=now)
    open_case(unit=units.koti, at=now)
    client.force_login(people.mikko)
    assert client.get(URL).context["worklist"].total == 2
    assert handover.open_case_count(people.mikko) == 2


@pytest.mark.parametrize("name", ["jaana", "viivi", "aada", "petra"])
def test_for_others_it_does_not_exist(client, people, name):
    client.force_login(getattr(people, name))
    assert client.get(URL).status_code == 404
    assert handover.open_case_count(getattr(people, name)) == 0


def test_it_asks_to_sign_in(client, db):
    assert client.get(URL).status_code == 302


def test_it_can_be_limited_by_state_and_unit(client, people, units, open_case, now):
    Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=units.koti)
    open_case(at=now)
    open_case(URGENT, at=now)
    open_case(URGENT, unit=units.koti, at=now)
    client.force_login(people.aino)

    def found(query):
        response = client.get(URL + query)
        rows = [row for group in response.context["groups"] for row in group["rows"]]
        assert len(rows) == response.context["pages"].paginator.count
        return len(rows)

    assert found("") == 3
    assert found("?tila=kiireelliset") == 2
    assert found("?tila=kiireelliset&yksikko=koti") == 1
    assert found("?yksikko=keskusta") == 2
    assert found("?tila=myohassa") == 0
    assert found("?tila=ei-ole&yksikko=ei-ole&sivu=99") == 3


def test_it_is_cut_into_pages(client, people, give, now):
    make_cases(give, 30, at=now)
    client.force_login(people.aino)
    first, second = client.get(URL), client.get(URL + "?sivu=2")
    assert [sum(len(group["rows"]) for group in page.context["groups"]) for page in (first, second)] == [
        25,
        5,
    ]
    assert "sivu=2" in first.content.decode()


@pytest.mark.parametrize("name", ["aino", "mikko"])
def test_its_queries_do_not_grow_with_the_cases(
    client, people, units, give, now, name, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(getattr(people, name))
    make_cases(give, 1, at=now)
    with django_assert_max_num_queries(15) as few:
        client.get(URL)
    make_cases(give, 60, at=now)
    make_cases(give, 5, at=now, unit=units.psyk)
    with django_assert_num_queries(len(few)):
        client.get(URL)


def test_an_empty_list_says_what_will_come(english, people):
    english.force_login(people.aino)
    assert "appears here within seconds" in english.get(URL).content.decode()


def test_it_can_be_limited_by_road_and_channel(client, people, open_case, now):
    open_case(at=now)
    open_case(at=now, channel="paper", arrived_at=now)
    open_case(URGENT, at=now, way=None)
    client.force_login(people.aino)

    def found(query):
        response = client.get(URL + query)
        rows = [row for group in response.context["groups"] for row in group["rows"]]
        assert len(rows) == response.context["pages"].paginator.count
        return len(rows)

    assert found("?tie=contact") == 2
    assert found("?tie=urgent") == 1
    assert found("?tie=contact&kanava=paper") == 1
    assert found("?kanava=paper&tila=kiireelliset") == 0
    assert found("?tie=ei-ole&kanava=ei-ole") == 3


def test_a_unit_without_a_case_is_limited_to_too(client, people, units, open_case, now):
    Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=units.koti)
    open_case(at=now)
    client.force_login(people.aino)
    response = client.get(URL + "?yksikko=koti")
    assert (response.context["pages"].paginator.count, response.context["worklist"].total) == (0, 1)
    assert '<option value="koti" selected>' in response.content.decode()


def test_a_case_split_off_came_by_the_same_channel(client, people, units, open_case, now):
    case = open_case(at=now, channel="paper", arrived_at=now)
    actions.split_case(case, units.koti, about="Toinen asia.", by=people.aino, at=now)
    client.force_login(people.outi)
    assert client.get(URL + "?kanava=paper").context["pages"].paginator.count == 1


def test_handlers_see_what_tells_the_rows_apart(english, people, open_case, now):
    open_case("Jonotin puhelimessa tunnin.", way="phone", value="+358401234567", language="fi", at=now)
    case = open_case("Lovely people.", way="receipt", language="en", at=now)
    ThemeCorrection.objects.create(feedback=case.feedback, themes=[], by=people.aino, at=now)
    english.force_login(people.aino)
    page = english.get(URL)
    facts = {row["facts"] for group in page.context["groups"] for row in group["rows"]}
    assert facts == {
        "Keskustan terveysasema en. Phone service, in Finnish, asks for a call",
        "Keskustan terveysasema en",
    }

    # Themes come from what was written.
    english.force_login(people.mikko)
    page = english.get(URL)
    facts = {row["facts"] for group in page.context["groups"] for row in group["rows"]}
    assert facts == {"Keskustan terveysasema en"}


def test_the_states_are_counted_in_the_first_lines(english, people, open_case, now):
    open_case(URGENT, at=now)
    open_case(at=now - timedelta(days=20))
    english.force_login(people.aino)
    page = english.get(URL).content.decode()
    states = page.split('class="states"')[1].split("</ul>")[0]
    for part in (
        "All open <strong>2</strong>",
        "Urgent feedback <strong>1</strong>",
        "Late <strong>1</strong>",
    ):
        assert part in states
    assert "Due today 0" in states


def test_each_state_counts_and_lists_all_that_its_name_speaks_of(english, people, open_case, now):
    urgent_late = open_case(URGENT, at=now - timedelta(days=20))
    late_waiting = open_case(at=now - timedelta(days=20))
    actions.ask_clarification(late_waiting, "Milloin?", by=people.aino, at=now)
    urgent_today = open_case(URGENT, at=now)
    Case.objects.filter(pk=urgent_today.pk).update(due_at=end_of(timezone.localdate(now)))
    english.force_login(people.aino)

    def found(state):
        response = english.get(f"{URL}?tila={state.value}")
        rows = [row["url"] for group in response.context["groups"] for row in group["rows"]]
        assert (
            len(rows) == response.context["pages"].paginator.count == dict(response.context["states"])[state]
        )
        return rows

    def urls(*cases):
        return [f"/kasittely/{case.pk}/" for case in cases]

    assert found(State.URGENT) == urls(urgent_late, urgent_today)
    assert found(State.LATE) == urls(urgent_late, late_waiting)
    assert found(State.TODAY) == urls(urgent_today)
    assert found(State.WAITING) == urls(late_waiting)
    assert found(State.NEW) == urls(urgent_late, urgent_today)
    assert found(State.GOING) == []
    response = english.get(URL)
    assert [(group["state"], len(group["rows"])) for group in response.context["groups"]] == [
        (State.URGENT, 2),
        (State.LATE, 1),
    ]
    assert response.context["worklist"].total == 3


def test_each_count_is_of_what_its_choice_would_show(client, people, units, open_case, now):
    Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=units.koti)
    open_case(URGENT, at=now)
    open_case(at=now, channel="paper", arrived_at=now)
    open_case(at=now, channel="paper", arrived_at=now, unit=units.koti)
    client.force_login(people.aino)

    def counts(query):
        context = client.get(URL + query).context
        states = {state.value: count for state, count in context["states"]}
        shown = context["in_all_states"], states["kiireelliset"], states["uudet"]
        return *shown, {unit.slug: count for unit, count in context["units"]}

    assert counts("") == (3, 1, 3, {"keskusta": 2, "koti": 1})
    assert counts("?kanava=paper") == (2, 0, 2, {"keskusta": 1, "koti": 1})
    assert counts("?kanava=paper&yksikko=koti") == (1, 0, 1, {"keskusta": 1, "koti": 1})
    assert counts("?tila=kiireelliset") == (3, 1, 3, {"keskusta": 1, "koti": 0})


def test_how_late_a_case_is_is_said_once(english, people, open_case, now):
    case = open_case(at=now - timedelta(days=20))
    english.force_login(people.aino)
    for url in (URL, f"/kasittely/{case.pk}/"):
        page = english.get(url).content.decode()
        assert '<span class="badge late">6 days late</span>' in page
        assert "</span> 6 days late" not in page


def test_numbers_are_grouped_as_the_language_does(client, people, open_case, now, monkeypatch):
    open_case(at=now)
    monkeypatch.setattr(page_around, "open_case_count", lambda _person: 2010)
    counted = queries._counted
    monkeypatch.setattr(queries, "_counted", lambda *given: [{**row, "in_": 2014} for row in counted(*given)])
    client.force_login(people.aino)
    for language, badge, total in (("fi", "2\xa0010", "2\xa0014"), ("en", "2,010", "2,014")):
        shown = client.get(URL, headers={"accept-language": language}).content.decode()
        assert f'<span class="count">{badge}</span>' in shown
        assert f"<strong>{total}</strong>" in shown


def test_a_manager_is_not_asked_for_the_channel(client, people, open_case, now):
    open_case(at=now)
    client.force_login(people.mikko)
    assert 'name="kanava"' not in client.get(URL).content.decode()


def test_what_the_keys_do_is_told_on_the_page(english, people, open_case, now):
    open_case(at=now)
    english.force_login(people.aino)
    page = english.get(URL).content.decode()
    assert 'src="/ui/shortcuts-' in page
    assert "The shortcuts are on in this browser" in page
