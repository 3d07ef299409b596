"""A county's own brand file: read whole, refused with every fault named."""

import shutil
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.brand import tokens
from palauteketju.brand.contrast import contrast
from palauteketju.brand.css import custom_properties
from palauteketju.brand.tokens import BadBrand, load

colours = st.from_regex(r"\A#[0-9a-f]{6}\Z")


@pytest.fixture
def folder(tmp_path):
    for name in ("brand.toml", "logo.svg"):
        shutil.copy(tokens.DEFAULT.with_name(name), tmp_path)
    return tmp_path


@pytest.fixture
def refusal(folder):
    """Change the default brand's text and return what it is refused with."""

    def refuse(old, new):
        path = folder / "brand.toml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        with pytest.raises(BadBrand) as caught:
            load(path)
        return str(caught.value)

    return refuse


def test_it_works(folder):
    brand = load(folder / "brand.toml")

    assert brand.name("sv") == "Välfärdsområdet Exempelby"
    assert brand.short_name("en-gb") == "Esimerkkilä"
    assert brand == load()


def test_a_language_that_is_not_ours_gets_finnish():
    assert load().name("se") == "Esimerkkilän hyvinvointialue"


def test_the_logo_is_a_picture_that_templates_show_as_it_is():
    logo = load().logo

    assert ET.fromstring(logo).tag.endswith("svg")
    assert logo.__html__() == logo
    assert load().icon.startswith("data:image/svg+xml,%3Csvg")


def test_text_that_cannot_be_read_is_refused_with_the_pair_and_the_ratio(refusal):
    message = refusal('text = "#16272c"', 'text = "#8a9aa0"')

    assert (
        "colours.light: text #8a9aa0 on page #ffffff has a contrast of 2.91; at least 4.5 is needed"
        in message
    )


def test_edges_that_cannot_be_seen_are_refused(refusal):
    assert "border #cccccc on page #ffffff has a contrast of 1.61; at least 3.0" in refusal(
        "#667b83", "#cccccc"
    )


def test_dark_mode_is_held_to_the_same(refusal):
    assert "colours.dark: text #333333 on page" in refusal("#e6eef0", "#333333")


def test_every_fault_is_told_at_once(refusal):
    message = refusal('fi = "Esimerkkilän hyvinvointialue"', 'no = "x"\nfi = " "')

    assert len(message.splitlines()) == 2
    assert "names.fi is missing" in message
    assert "names.no is not one of fi, sv, en" in message


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'page = "#ffffff"',
            'page = "white"',
            "colours.light: page must be a colour such as #0b5563, not 'white'",
        ),
        ('page = "#ffffff"', 'page = "#fff;}*{x:1"', "colours.light: page must be a colour"),
        ('print = "Source Sans 3"', 'print = "x;}"', "fonts: print must be a font's name"),
        ("radius = 6 ", "radius = 99 ", "shape: radius must be a whole number of px from 0 to 24"),
        ("text = [15,", "text = [9,", "shape: text must begin with at least 14 and 16 px"),
        ("space = [4, 8,", "space = [8, 4,", "shape: space must be 8 growing whole numbers of px"),
        (
            'logo = "logo.svg"',
            'logo = "../logo.svg"',
            "logo must be the name of an .svg file beside this one",
        ),
        ('logo = "logo.svg"', 'logo = "other.svg"', "logo: other.svg cannot be read"),
        ('web_address = "https:', 'web_address = "javascript:', "web_address must be an address"),
        ("[shape]", "[shape]\nshadow = 3", "shape: shadow is not known"),
        ("[names]", "[names", "is not TOML"),
    ],
)
def test_what_does_not_fit_is_refused(refusal, old, new, fault):
    assert fault in refusal(old, new)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadBrand, match="cannot be read"):
        load(tmp_path / "brand.toml")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<script>alert(1)</script>", "contains <script>"),
        ("<style>*{fill:red}</style>", "contains <style>"),
        ('<path d="M0 0" onclick="x()"/>', "contains the attribute onclick"),
        ('<path d="M0 0" style="fill:red"/>', "contains the attribute style"),
        ('<path d="M0 0" fill="url(https://x.example/a)"/>', "contains the attribute fill"),
        ('<image href="https://x.example/a.png"/>', "contains <image>"),
    ],
)
def test_a_logo_that_does_more_than_draw_is_refused(folder, content, fault):
    (folder / "logo.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{content}</svg>'
    )

    with pytest.raises(BadBrand, match=r"logo: logo\.svg") as caught:
        load(folder / "brand.toml")
    assert fault in str(caught.value)


def test_contrast_is_counted_as_wcag_counts_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@given(colours, colours)
def test_contrast_does_not_depend_on_the_order(a, b):
    assert 1 <= contrast(a, b) == contrast(b, a) <= 21.01


def test_every_colour_becomes_a_property_and_dark_ones_are_for_staff_screens():
    css = custom_properties(load())

    assert css.startswith(":root{color-scheme:light;--page:#ffffff;")
    assert "--on-primary:#ffffff;" in css
    assert "--space-4:1rem;" in css
    assert "@media screen and (prefers-color-scheme:dark){.staff{color-scheme:dark;--page:#10191c;" in css
    assert "prefers-color-scheme" not in custom_properties(load(), dark=False)
