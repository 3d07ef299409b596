"""One gate to the figures: what waits is read by the closing alone, what is released only through insight's queries.

Whatever is on a page, in a chart, its alt text or a file's metadata, in an e-mail, the API or an export is made of what
these doors give. The test reads the code: imports, names, table names in SQL and models asked for by name.
"""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

PACKAGE = Path(settings.PACKAGE)

# Whose doors they are. A new file here is a new way to the figures: read docs/privacy.md first.
WAITING = {"insight/models.py", "insight/actions.py"}
RELEASED = {"insight/models.py", "insight/actions.py", "insight/queries.py", "insight/period_sums.py"}
MODELS = {
    "Pool": WAITING,
    "Cutoff": WAITING,
    "Released": WAITING,
    "Block": RELEASED,
    "PublicBlock": RELEASED,
    "DayTotal": RELEASED,
    "MonthTotal": RELEASED,
}
# Numbers of answers that are not blocks yet: only the tick may carry them, from the step that has them to insight.
COUNTS = {"counts_recorded", "theme_counts", "helped_counts"}
CARRIERS = {"operations/clock.py"}
# What handling gives in whole groups of at least k cases (handling/proof.py): how long answers took, not what was said.
IN_GROUPS = {"response_times", "Times"}
# Steps without any way to what customers wrote: import-linter keeps them from the models, this test from handovers.
BLIND = ("insight", "improvement", "publishing")


def modules():
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        if "/migrations/" not in name:
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def names_taken(tree, module):
    """What the code takes from a module: by `from module import name`, or by an attribute of the module itself."""
    package, _dot, last = module.rpartition(".")
    aliases = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == module:
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == package:
            aliases |= {name.asname or name.name for name in node.names if name.name == last}
        elif isinstance(node, ast.Import) and any(name.name == module for name in node.names):
            yield "*"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            yield node.attr


def faults_of(name, tree):
    """How this module gets round the gate."""
    for taken in names_taken(tree, "palauteketju.insight.models"):
        if taken == "*" or (taken in MODELS and name not in MODELS[taken]):
            yield f"{name} takes {taken}"
    if name not in RELEASED:
        yield from (f"{name} says {said}" for said in tables_in(tree))
    for step in ("intake", "handling", "sms"):
        taken = set(names_taken(tree, f"palauteketju.{step}.handover"))
        if name.startswith(BLIND) and taken - IN_GROUPS:
            yield f"{name} asks {step} for {', '.join(sorted(taken - IN_GROUPS))}"
        elif taken & COUNTS and name not in CARRIERS:
            yield f"{name} takes {', '.join(sorted(taken & COUNTS))}"


def tables_in(tree):
    """Figures named as tables, as models in text, or by asking for a model."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "get_model":
            yield "get_model"
    for text in texts_in(tree):
        yield from re.findall(r"\binsight_(?:pool|cutoff|block|publicblock|daytotal|monthtotal)\b", text)
        yield from re.findall(r"^insight\.(?:Pool|Cutoff|Block|PublicBlock|DayTotal|MonthTotal)$", text)


def texts_in(tree):
    """Every string that is not a docstring."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_nothing_gets_round_the_gate():
    assert [fault for name, tree in modules() for fault in faults_of(name, tree)] == []


def test_every_model_of_figures_has_its_doors():
    stored = {model.__name__ for model in apps.get_app_config("insight").get_models()}
    figures = {name for name in stored if hasattr(apps.get_model("insight", name), "counts")}

    assert figures <= set(MODELS)


def test_no_page_is_built_on_what_waits():
    """Of insight's own modules only the closing touches a pool, and no module that draws or writes imports a model."""
    drawing = [
        name
        for name, tree in modules()
        if name.startswith("insight/")
        and name not in RELEASED
        and set(names_taken(tree, "palauteketju.insight.models")) & set(MODELS)
    ]

    assert drawing == []


def test_the_closing_is_called_by_the_clock_alone():
    callers = {
        name
        for name, tree in modules()
        for taken in names_taken(tree, "palauteketju.insight.actions")
        if taken == "close_blocks"
    }

    assert callers == CARRIERS


def test_templates_get_no_model_of_figures():
    """A template that follows `block.counts` of a model would draw whatever the model holds."""
    named = [
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.html")
        if re.search(
            r"\b(pool|daytotal|monthtotal|publicblock)\b", file.read_text(encoding="utf-8"), re.IGNORECASE
        )
    ]

    assert named == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("insight/report_page.py", "from palauteketju.insight.models import Pool"),
        ("publishing/queries.py", "from palauteketju.insight.models import PublicBlock"),
        ("insight/views.py", "from palauteketju.insight import models\nmodels.Block.objects.all()"),
        ("publishing/queries.py", "import palauteketju.insight.models"),
        ("handling/queries.py", "SQL = 'SELECT counts FROM insight_pool'"),
        ("improvement/models.py", "block = ForeignKey('insight.Block')"),
        ("ui/charts.py", "apps.get_model('insight', 'Pool')"),
        ("publishing/open_data.py", "from palauteketju.intake import handover\nhandover.counts_recorded()"),
        ("handling/views/worklist.py", "from palauteketju.intake.handover import counts_recorded"),
    ],
)
def test_a_way_round_would_be_found(name, code):
    assert list(faults_of(name, ast.parse(code))) != []


def test_what_is_right_is_not_found():
    code = "from palauteketju.insight import queries\nqueries.released('public')"

    assert list(faults_of("publishing/queries.py", ast.parse(code))) == []
