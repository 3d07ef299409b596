"""Charts: the same numbers, the same picture; nothing drawn that is not known."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.ui.charts import Bar, Panel, Point, Tick, horizontal_bars, line_with_band, small_multiples

SVG = "{http://www.w3.org/2000/svg}"
values = st.none() | st.floats(-100, 100)


def points(*numbers):
    return [
        Point(
            f"vko {week}",
            value,
            "" if value is None else f"{value:+g}",
            *(() if value is None else (value - 5, value + 5)),
        )
        for week, value in enumerate(numbers, start=40)
    ]


def read(svg):
    """The drawing, parsed as an XML file would be."""
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def texts(svg):
    return [each.text for each in read(svg).iter(f"{SVG}text")]


def shapes(svg, tag, kind):
    return [each for each in read(svg).iter(f"{SVG}{tag}") if each.get("class") == kind]


def line(*numbers, **more):
    return line_with_band(points(*numbers), **{"title": "Suositteluindeksi", "description": "Nousi.", **more})


def bars(*rows, **more):
    return horizontal_bars(rows, **{"title": "Väittämät", "description": "Kaksi.", **more})


def test_it_works():
    svg = line(10, 20, 42)

    assert [each.tag for each in list(read(svg))[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert "+42" in texts(svg)
    assert "+20" not in texts(svg)  # only the last value is written
    assert len(shapes(svg, "circle", "dot")) == 3


def test_the_title_and_the_description_name_the_picture():
    root = read(line(1, 2))

    assert root.get("aria-labelledby").split() == [
        root.find(f"{SVG}title").get("id"),
        root.find(f"{SVG}desc").get("id"),
    ]


def test_the_same_numbers_give_the_same_picture_and_others_other_ids():
    assert line(1, 2) == line(1, 2)
    assert set(re.findall(r' id="(\w+)"', line(1, 2))).isdisjoint(re.findall(r' id="(\w+)"', line(1, 3)))
    assert set(re.findall(r' id="(\w+)"', line(1, 2))).isdisjoint(
        re.findall(r' id="(\w+)"', line(1, 2, name="b"))
    )


def test_a_week_without_enough_answers_leaves_a_gap():
    svg = line(10, 20, None, 30, 40)

    assert len(shapes(svg, "polyline", "line")) == 2
    assert len(shapes(svg, "polygon", "band")) == 2
    assert len(shapes(svg, "circle", "dot")) == 4


def test_a_week_that_stands_alone_keeps_its_interval():
    assert len(shapes(line(None, 20, None), "line", "whisker")) == 1


def test_nothing_known_draws_nothing():
    assert line(None, None) == ""
    assert line() == ""


def test_the_scale_is_never_fitted_to_the_data():
    heights = [
        float(shapes(line(40, 41, scale=scale), "circle", "dot")[0].get("cy"))
        - float(shapes(line(40, 41, scale=scale), "circle", "dot")[1].get("cy"))
        for scale in ([Tick(-100, "-100"), Tick(100, "100")], [Tick(0, "0"), Tick(100, "100")])
    ]

    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)


def test_many_weeks_get_few_labels_with_the_last_among_them():
    weeks = [text for text in texts(line(*range(52))) if text.startswith("vko")]

    assert len(weeks) == 4
    assert weeks[-1] == "vko 91"


def test_bars_begin_at_zero_and_grow_with_the_value():
    svg = bars(Bar("A", 25, "25 %"), Bar("B", 100, "100 %"), Bar("C", 0, "0 %"))
    drawn = shapes(svg, "rect", "bar")

    assert {each.get("x") for each in drawn} == {"0"}
    assert [float(each.get("width")) for each in drawn] == [90, 360, 0]


def test_the_countys_mark_is_a_tick_named_once():
    svg = bars(Bar("A", 25, "25 %", mark=50), Bar("B", 30, "30 %", mark=75), mark="Koko alue")

    assert [each.get("x1") for each in shapes(svg, "line", "mark")] == ["180", "270"]
    assert texts(svg).count("Koko alue") == 1


def test_too_little_data_is_said_in_words_and_not_drawn():
    svg = bars(Bar("A", None, "Vastauksia on vielä alle viisi.", mark=50), mark="Koko alue")

    assert "Vastauksia on vielä alle viisi." in texts(svg)
    assert not shapes(svg, "rect", "bar")
    assert not shapes(svg, "line", "mark")


def test_a_long_statement_is_kept_whole():
    statement = "Hoitoani / asiaani koskevat päätökset tehtiin yhteistyössä kanssani."

    assert " ".join(text for text in texts(bars(Bar(statement, 5, "5 %")))[:-1]) == statement
    panels = [Panel(statement, points(1, 2))]
    drawn = texts(small_multiples(panels, title="t", description="d"))
    assert " ".join(drawn[:-1]) == statement


def test_small_lines_share_one_scale_and_say_what_is_missing():
    panels = [Panel("A", points(10, 20)), Panel("B", points(10, 90)), Panel("C", points(None))]
    svg = small_multiples(panels, title="t", description="d", missing="Liian vähän vastauksia")
    first, _, other, _ = shapes(svg, "circle", "dot")

    assert first.get("cy") == other.get("cy")
    assert "Liian vähän vastauksia" in texts(svg)


def test_what_people_named_cannot_become_markup():
    evil = "</text><script>alert(1)</script>"
    drawn = [
        line_with_band([Point(evil, 1, evil)], title=evil, description=evil),
        bars(Bar(evil, 1, evil, mark=1), mark=evil),
        small_multiples([Panel(evil, [Point(evil, 1, evil)])], title=evil, description=evil),
    ]

    assert all("<script" not in svg and "style=" not in svg for svg in drawn)
    assert all(read(svg).tag == f"{SVG}svg" for svg in drawn)


@given(st.lists(values, max_size=60))
def test_every_line_stays_inside_its_picture(numbers):
    svg = line(*numbers)
    for each in shapes(svg, "circle", "dot") if svg else []:
        assert 0 <= float(each.get("cx")) <= 360
        assert 0 <= float(each.get("cy")) <= 232
