"""Every fact that the program writes in the trail has a name and readable values, in all languages."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

import palauteketju
from palauteketju.audit import facts, log
from palauteketju.audit.facts import FACTS, SUBJECTS, Reading
from palauteketju.handling.models import Case, ChatChannel, CustomerWay, Prompt, PromptSettings, Quote
from palauteketju.handling.triage.themes import LABELS
from palauteketju.improvement.models import Measure
from palauteketju.insight.streams import question_streams
from palauteketju.intake.models import Feedback
from palauteketju.organisation import files
from palauteketju.organisation.models import Integration, Role

PACKAGE = Path(palauteketju.__file__).parent
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def modules():
    for file in PACKAGE.rglob("*.py"):
        if file != Path(log.__file__) and "migrations" not in file.parts:
            yield ast.parse(file.read_text(encoding="utf-8"))


def functions_by_name():
    return {node.name: node for tree in modules() for node in ast.walk(tree) if isinstance(node, FUNCTIONS)}


class Names:
    """The names in a dictionary, wherever its parts are put together; what cannot be followed fails the test."""

    def __init__(self):
        self.functions = functions_by_name()

    def of(self, node, inside):
        match node:
            case ast.Constant(value=None):
                return set()
            case ast.Dict():
                return {
                    name
                    for key, value in zip(node.keys, node.values, strict=True)
                    for name in ([key.value] if key else self.of(value, inside))
                }
            case ast.IfExp():
                return self.of(node.body, inside) | self.of(node.orelse, inside)
            case ast.Name():
                return self._of_variable(node.id, inside)
            case ast.Call(func=ast.Name(id=name)):
                called = self.functions[name]
                ends = [each.value for each in ast.walk(called) if isinstance(each, ast.Return)]
                return {name for end in ends for name in self.of(end, called)}
        raise AssertionError(f"cannot follow {ast.dump(node)}")

    def of_each(self, node, inside):
        """The second of each pair of a list, which may have a name."""
        if isinstance(node, ast.Name):
            [node] = list(assigned(node.id, inside))
        assert isinstance(node, ast.ListComp), ast.dump(node)
        return self.of(node.elt.elts[1], inside)

    def _of_variable(self, name, inside):
        values = list(assigned(name, inside))
        assert values, f"{name} comes from elsewhere"
        return {found for value in values for found in self.of(value, inside)}


def assigned(name, inside):
    for node in ast.walk(inside):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=target)])
                | ast.AnnAssign(target=ast.Name(id=target))
                | ast.AugAssign(target=ast.Name(id=target))
            ) if target == name:
                yield node.value


def written():
    """The action, None where it is chosen before, with each of its facts' names."""
    names, found = Names(), set()
    for function in (node for tree in modules() for node in ast.walk(tree) if isinstance(node, FUNCTIONS)):
        for call in ast.walk(function):
            match call:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr="record"), args=[action]):
                    given = [key.value for key in call.keywords if key.arg == "facts"]
                    facts_of_call = names.of(given[0], function) if given else set()
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr="record_each")):
                    action, pairs = call.args
                    facts_of_call = names.of_each(pairs, function)
                case _:
                    continue
            found |= {(getattr(action, "value", None), name) for name in facts_of_call}
    return found


def test_every_fact_has_a_name_and_no_name_is_left_over():
    keys = {facts.key_of(str(action), name) for action, name in written()}
    assert len(keys) > 40
    assert keys == set(FACTS)


def test_every_code_is_said_by_its_step():
    asked = {key for key, fact in FACTS.items() if fact.reading == Reading.CODES}
    assert asked == set(facts.codes())


# What the steps can write; where a name is here, all of its codes have words.
KNOWN = {
    "role": Role.Kind,
    "right": Integration.Right,
    "channel": Feedback.Channel,
    "road": Case.Road,
    "outcome": Case.Outcome,
    "handling.case.redirected to": Case.FormalRoad,
    "kind": Prompt.Kind,
    "handling.quote.approved kind": Quote.Kind,
    "way": CustomerWay,
    "format": ChatChannel.Format,
    "urgent": PromptSettings.Urgent,
    "others": PromptSettings.Others,
    "state": Measure.State,
}


def known_codes():
    head = ",".join(files.COLUMNS)
    [county] = files.read(f"{head}\nsata,,county,Esimerkkilä,,,,,,,\n".encode())
    found = {key: choices.values for key, choices in KNOWN.items()}
    return found | {
        "fields": ["parent", *county.values],
        "themes": list(LABELS),
        "theme": list(LABELS),
        "stream": question_streams(),
        "week": ["2026-W48", "2020-W53"],
    }


def test_every_code_that_can_be_written_has_words():
    known = known_codes()
    assert set(known) == set(facts.codes())
    wordless = [
        (key, code)
        for key, codes in known.items()
        for code in codes
        if facts.code_in_words(key, code) == code
    ]
    assert wordless == []


# What actions give as the subject of an entry, as it stands in the program, and what it is.
ABOUT = {
    "unit": "organisation.unit",
    "scope": "organisation.unit",
    "person": "organisation.person",
    "by": "organisation.person",
    "absence.person": "organisation.person",
    "role.person": "organisation.person",
    "person or failure": "organisation.failedsignin",
    "integration": "organisation.integration",
    "feedback": "intake.feedback",
    "last": "intake.feedback",
    "Feedback(pk=received.feedback_id)": "intake.feedback",
    "case": "handling.case",
    "first": "handling.case",
    "second": "handling.case",
    "part": "handling.case",
    "message.case": "handling.case",
    "post.case": "handling.case",
    "prompt.case": "handling.case",
    "channel": "handling.chatchannel",
    "rules": "handling.countingrules",
    "follow_up": "handling.followup",
    "saved": "handling.ownthemewords",
    "quote": "handling.quote",
    "template": "handling.replytemplate",
    "cutoff": "insight.cutoff",
    "_locked_cutoff()": "insight.cutoff",
    "key": "improvement.boardkey",
    "measure": "improvement.measure",
    "review": "improvement.weekreview",
}


def subjects():
    found = set()
    for tree in modules():
        for call in ast.walk(tree):
            match call:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr="record")):
                    found |= {ast.unparse(key.value) for key in call.keywords if key.arg == "subject"}
    return found


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_words_are_translated(language):
    words = [fact.name for fact in FACTS.values()] + list(SUBJECTS.values())
    with translation.override(language):
        alike = {str(one) for one in words if str(one) == one._args[0]}
    assert alike <= {"Person %(number)s", "Version"}


def test_each_thing_an_entry_can_be_about_has_words():
    assert subjects() == set(ABOUT)
    assert set(ABOUT.values()) == set(SUBJECTS)
    assert {model for model in SUBJECTS if apps.get_model(model)._meta.label_lower != model} == set()


def test_an_unknown_code_is_shown_as_it_was_written():
    assert facts.code_in_words("road", "by_the_window") == "by_the_window"
    assert facts.code_in_words("week", "2026-W99") == "2026-W99"
