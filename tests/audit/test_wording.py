"""Every action that the program writes in the trail has words for people, in all languages."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

import palauteketju
from palauteketju.audit import wording
from palauteketju.audit.models import Entry

PACKAGE = Path(palauteketju.__file__).parent
STEPS = {each.name for each in PACKAGE.iterdir() if each.is_dir()}


def is_action(value):
    """`step.thing.done`: no other text of the program has this form, addresses of modules and of models neither."""
    parts = value.split(".")
    return len(parts) == 3 and parts[0] in STEPS and all(part.isidentifier() for part in parts)


def written():
    """Every action named anywhere in the program, also where it is chosen before it is recorded."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        if file == Path(wording.__file__) or "migrations" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_action(node.value):
                found.add(node.value)
    return found


def recorded_by_name():
    """The first argument of each call of log.record and log.record_each, where it is written there."""
    found, unnamed = set(), []
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"record", "record_each"}
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
            ):
                action = node.args[0]
                if isinstance(action, ast.Constant):
                    found.add(action.value)
                else:
                    unnamed.append(action)
    return found, unnamed


def test_every_action_has_words_and_no_words_are_left_over():
    names, chosen = recorded_by_name()
    assert len(names) > 50
    assert chosen
    assert {name for name in names if not is_action(name)} == set()
    assert written() == set(wording.ACTIONS)


def test_no_two_actions_say_the_same():
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            said = [str(words) for words in wording.ACTIONS.values()]
        assert len(set(said)) == len(said), language


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_words_are_translated(language):
    with translation.override(language):
        assert [words for words in wording.ACTIONS.values() if str(words) == words._args[0]] == []


def test_an_action_of_another_version_is_shown_as_it_was_written():
    assert Entry(action="handling.case.juggled").in_words == "handling.case.juggled"
