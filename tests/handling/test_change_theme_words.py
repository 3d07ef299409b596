"""/hallinta/saannot/aiheet/<theme>/: the county's own theme words, with their effect seen before they are in use."""

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, handover
from palauteketju.handling.actions.theme_words import save_words
from palauteketju.handling.errors import WordRulesChanged, WordsChangedMeanwhile
from palauteketju.handling.models import OwnThemeWords, Quote, Triage, UsedRules
from palauteketju.handling.triage import rules_in_use, themes

URL = "/hallinta/saannot/aiheet/parking/"
WALKER = "Vossikkatolppia olisi hyvä olla."
WORDS = {"fi": "vossikkatolp*"}


@pytest.fixture(autouse=True)
def _asked_anew():
    rules_in_use.forget_theme_words()
    yield
    rules_in_use.forget_theme_words()


@pytest.fixture
def admin(english, people):
    english.force_login(people.aada)
    return english


@pytest.fixture
def quote(give, people, units, at):
    """A quote that the reports have."""

    def quote(text):
        return Quote.objects.create(
            feedback=give(text),
            unit=units.keskusta,
            kind="idea",
            text=text,
            approved_by=people.aino,
            approved_at=at,
            released_at=at,
        )

    return quote


def save(client, *, version=0, **words):
    return client.post(URL, {**words, "version": version, "step": "save"})


def main_theme(give, text, at):
    feedback = give(text)
    actions.triage(feedback.pk, at=at)
    return Triage.objects.get(feedback=feedback).themes[:1]


def test_it_works(admin, people, give, at):
    assert main_theme(give, WALKER, at) == []
    assert save(admin, **WORDS).url == "/hallinta/saannot/"
    assert main_theme(give, WALKER, at) == ["parking"]

    saved = OwnThemeWords.objects.get()
    assert (saved.version, saved.saved_by) == (1, people.aada)
    assert saved.entries == [{"code": "parking", "fi": ["vossikkatolp*"]}]
    assert Entry.objects.filter(action="handling.theme_words.saved").get().facts["theme"] == "parking"
    assert "vossikkatolp*" in admin.get(URL).content.decode()


def test_the_effect_is_seen_before_anything_is_saved(admin, quote):
    quote(WALKER)
    quote("Hoitaja kuunteli rauhassa.")
    page = admin.post(URL, WORDS | {"step": "try", "sample": "Missä on vossikkatolppa?"}).content.decode()

    assert "Quotes in the reports: 2. Of them would get another theme: 1." in page
    assert WALKER in page
    assert "Your sentence would get the theme: <strong>Parking</strong>" in page
    assert not OwnThemeWords.objects.exists()


def test_no_feedback_is_tried_but_what_the_reports_already_tell(admin, give, quote, people, at):
    give(WALKER)
    withdrawn = quote(WALKER)
    withdrawn.withdrawn_at = at
    withdrawn.save()
    waiting = quote(WALKER)
    waiting.released_at = None
    waiting.save()
    page = admin.post(URL, WORDS | {"step": "try"}).content.decode()
    assert "There are no quotes in the reports yet" in page
    assert WALKER not in page


def test_a_word_of_the_program_is_left_out(admin, give, at):
    assert main_theme(give, "Parkki täynnä.", at) == ["parking"]
    shipped = themes.shipped_patterns("parking")
    left_out = [one for one in shipped if "park" in one]
    assert save(admin, remove="\n".join(left_out)).status_code == 302
    assert main_theme(give, "Parkki täynnä.", at) == []


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"fi": "mo*"}, "This line cannot be understood: mo*."),
        ({"unless": "auto ~ ~"}, "This line cannot be understood: auto ~ ~."),
        ({"sv": "\x00"}, "Some characters cannot be read. Write them again."),
        ({"remove": "vossikkatolp*"}, "The program has no such words in this theme: vossikkatolp*"),
    ],
)
@pytest.mark.parametrize("step", ["try", "save"])
def test_what_cannot_be_used_is_said_and_nothing_typed_is_lost(admin, words, complaint, step):
    response = admin.post(URL, {"en": "moped*", **words, "version": 0, "step": step})
    page = response.content.decode()
    assert response.status_code == 422
    assert complaint in page
    assert "moped*" in page
    assert not OwnThemeWords.objects.exists()


@pytest.mark.parametrize("step", ["try", "save"])
def test_a_theme_keeps_at_least_one_word(admin, step):
    everything = "\n".join(themes.shipped_patterns("parking"))
    response = admin.post(URL, {"remove": everything, "version": 0, "step": step})
    assert response.status_code == 422
    assert "A theme must have at least one word left." in response.content.decode()
    assert not OwnThemeWords.objects.exists()


def test_other_themes_keep_their_own_words(admin):
    save(admin, **WORDS)
    admin.post("/hallinta/saannot/aiheet/booking/", {"fi": "varauskone*", "version": 1, "step": "save"})
    newest = OwnThemeWords.objects.latest("version")
    assert {entry["code"] for entry in newest.entries} == {"parking", "booking"}
    save(admin, version=2)
    assert [entry["code"] for entry in OwnThemeWords.objects.latest("version").entries] == ["booking"]


def test_who_comes_second_sees_it_and_keeps_what_they_typed(admin):
    save(admin, **WORDS)
    response = save(admin, version=0, fi="kelkkatall*")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Somebody else has saved other words meanwhile." in page
    assert "kelkkatall*" in page
    assert OwnThemeWords.objects.count() == 1


def test_two_at_once_make_one_version(at_once, units, people, at):
    def attempt():
        try:
            save_words("parking", {"fi": ["vossikkatolp*"]}, instead_of=0, by=people.aada, at=at)
        except WordsChangedMeanwhile:
            return False
        return True

    assert sorted(at_once(*[attempt] * 4)) == [False, False, False, True]
    assert OwnThemeWords.objects.count() == 1


def test_each_version_means_one_thing_for_good(admin, at):
    save(admin, **WORDS)
    used = dict(UsedRules.objects.values_list("name", "digest"))
    assert "own themes-1" in used
    rules_in_use.take_into_use(at=at)
    rules_in_use.take_into_use(at=at)
    assert used.items() <= dict(UsedRules.objects.values_list("name", "digest")).items()

    # Were its content another one, it would be refused.
    OwnThemeWords.objects.update(entries=[{"code": "parking", "fi": ["kelkkatall*"]}])
    with pytest.raises(WordRulesChanged):
        rules_in_use.take_into_use(at=at)


def test_themes_already_counted_do_not_move(admin, give, at):
    feedback = give(WALKER)
    actions.triage(feedback.pk, at=at)
    save(admin, **WORDS)
    assert Triage.objects.get(feedback=feedback).themes == []
    assert handover.untriaged(recorded_before=at) == []


@pytest.mark.parametrize("name", ["aino", "mikko", "jaana", "viivi", "petra"])
def test_others_have_no_such_page(client, people, name):
    client.force_login(getattr(people, name))
    assert client.get(URL).status_code == 404


def test_a_theme_that_is_not_counted_has_no_page(admin):
    assert admin.get("/hallinta/saannot/aiheet/keittio/").status_code == 404
