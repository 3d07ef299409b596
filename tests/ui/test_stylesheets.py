"""The style sheets: small, made of tokens only, and free of what the content policy refuses."""

import re
from itertools import chain
from pathlib import Path

import pytest

import palauteketju.ui
from palauteketju.brand.contrast import contrast
from palauteketju.brand.css import custom_properties
from palauteketju.brand.tokens import SEEN_PAIRS, TEXT_PAIRS, load
from palauteketju.ui.stylesheets import customer_css, fingerprint, minified, staff_css

UI = Path(palauteketju.ui.__file__).parent
FILES = sorted((UI / "static" / "ui").glob("*.css"))
TEMPLATES = sorted((UI / "templates").rglob("*.html"))


def test_it_works():
    css = customer_css(load())

    assert css.startswith(":root{")
    assert ".button{" in css
    assert staff_css(load()).startswith(custom_properties(load()).replace(", ", ",").split(";")[0])


def test_customers_load_no_more_than_ten_kilobytes_of_rules():
    assert len(minified((UI / "static/ui/customer.css").read_text())) <= 10_000


def test_staff_pages_have_everything_customers_pages_have():
    rules = minified((UI / "static/ui/customer.css").read_text())

    assert rules in staff_css(load())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_colour_is_always_a_token(path):
    assert not re.search(
        r"#[0-9a-f]{3,8}\b|rgb|hsl|\b(white|black|red|gr[ae]y)\b(?!-)", path.read_text(), re.IGNORECASE
    )


def test_every_token_that_is_used_exists_and_every_colour_is_used():
    css = staff_css(load())
    declared = set(re.findall(r"(--[\w-]+):", custom_properties(load())))
    used = set(re.findall(r"var\((--[\w-]+)", css))

    assert used <= declared
    assert {name for name in declared if not name.startswith("--space")} <= used


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path):
    assert not re.search(r"url\(|@import|@font-face", path.read_text())


@pytest.mark.parametrize("css", [customer_css(load()), staff_css(load())], ids=["customer", "staff"])
def test_minifying_keeps_the_rules_balanced(css):
    assert css.count("{") == css.count("}")
    assert "/*" not in css
    assert minified(css) == css


def test_minifying_keeps_spaces_that_mean_something():
    assert minified("a :is(b) > c { margin: calc(1px + 2px) 0; }") == "a :is(b)>c{margin:calc(1px + 2px) 0}"


def test_the_address_changes_with_the_content():
    assert fingerprint("a{}") != fingerprint("b{}")
    assert re.fullmatch(r"[0-9a-f]{12}", fingerprint("a{}"))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_default_brand_can_be_read_and_seen(mode):
    palette = getattr(load(), mode)
    for (front, back), least in chain(((p, 4.5) for p in TEXT_PAIRS), ((p, 3) for p in SEEN_PAIRS)):
        assert contrast(getattr(palette, front), getattr(palette, back)) >= least, (front, back)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_style_and_no_script_of_its_own(path):
    assert not re.search(r"style=|<style|<script(?! src=)|\son\w+=|javascript:", path.read_text())


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.parent.name != "templates"], ids=lambda path: path.name
)
def test_a_shared_template_begins_by_saying_what_it_takes(path):
    assert re.match(r"\{% comment %\}\n.*?(Takes|Context): ", path.read_text(), re.DOTALL)


def test_every_class_a_template_uses_has_a_rule():
    css = staff_css(load())
    for path in TEMPLATES:
        markup = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text(), flags=re.DOTALL)
        for name in chain.from_iterable(value.split() for value in re.findall(r'class="([^"]*)"', markup)):
            assert f".{name}" in css or name == "info", f"{path.name}: {name}"
