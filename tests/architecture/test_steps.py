"""The shape that import-linter cannot see: what models point to, and what actions take."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from procrastinate.contrib.django import app

from palauteketju.operations import jobs as _jobs  # noqa: F401 - registers the jobs by name

PACKAGE = Path(settings.PACKAGE)
# Earlier steps first; a foreign key may only point to the left.
ORDER = ["audit", *settings.STEPS]
# These see sums only: a key to a row of a customer would undo it.
BLIND = {"insight", "improvement", "publishing"}
CUSTOMERS = {"intake", "sms", "handling"}


def relations():
    for model in apps.get_models():
        if model._meta.app_label in ORDER:
            for field in model._meta.get_fields():
                if isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField):
                    yield model, field


def faults_of(label, field, target):
    """What is wrong with a relation from step `label`, if anything."""
    if target == label or target in {"auth", "contenttypes"}:
        return None
    if label == "audit":
        return None if target == "organisation" else "audit points to people only"
    if ORDER.index(target) > ORDER.index(label):
        return "points to a later step"
    if label in BLIND and target in CUSTOMERS:
        return "ties figures to a customer's row"
    if field.remote_field.related_name != "+":
        return 'lacks related_name="+"'
    return None


def test_foreign_keys_point_to_earlier_steps():
    faults = {
        f"{model.__name__}.{field.name}": fault
        for model, field in relations()
        if (fault := faults_of(model._meta.app_label, field, field.related_model._meta.app_label))
    }

    assert faults == {}


def test_the_check_would_see_a_key_from_figures_to_feedback():
    feedback = models.ForeignKey("intake.Feedback", models.CASCADE, related_name="+")

    assert faults_of("insight", feedback, "intake") == "ties figures to a customer's row"
    assert faults_of("intake", feedback, "handling") == "points to a later step"


def functions_of(folder):
    for file in sorted(PACKAGE.glob(f"{folder}*.py")) + sorted(PACKAGE.glob(f"{folder}/**/*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield file.relative_to(PACKAGE).as_posix(), node


@pytest.mark.parametrize("step", settings.STEPS)
def test_no_action_or_query_takes_a_request(step):
    named = [
        f"{file}:{node.name}"
        for part in ("actions", "queries", "access", "handover", "retention")
        for file, node in functions_of(f"{step}/{part}")
        for argument in [*node.args.args, *node.args.kwonlyargs]
        if argument.arg == "request"
    ]

    assert named == []


@pytest.mark.parametrize("step", settings.STEPS)
def test_no_action_looks_at_the_clock_itself(step):
    looking = [
        f"{file}:{node.name}"
        for part in ("actions", "queries", "retention")
        for file, node in functions_of(f"{step}/{part}")
        for call in ast.walk(node)
        if isinstance(call, ast.Attribute) and call.attr in {"now", "localdate", "today"}
    ]

    assert looking == []


def test_every_announced_job_exists():
    announced = _announced_names()

    assert "palauteketju.triage" in announced
    assert announced <= set(app.tasks)


def _announced_names():
    """The first argument of each configure_task call, spelled out or by the name of a constant."""
    names = set()
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "configure_task"
            ):
                first = node.args[0]
                names.add(
                    first.value
                    if isinstance(first, ast.Constant)
                    else constants.get(getattr(first, "id", ""), "?")
                )
    return names


def test_no_module_has_a_name_that_says_nothing():
    nothing = {"utils", "helpers", "common", "services", "misc"}

    assert [file for file in PACKAGE.rglob("*") if file.stem in nothing] == []
