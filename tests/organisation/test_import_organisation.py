"""The organisation from a CSV file: `palauteketju import-organisation`."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.audit.models import Entry
from palauteketju.organisation import files
from palauteketju.organisation.actions import import_organisation
from palauteketju.organisation.errors import OrganisationFileRefused
from palauteketju.organisation.models import Unit


def row(code, parent="", kind="unit", **more):
    return (
        dict.fromkeys(files.COLUMNS, "")
        | {"code": code, "parent_code": parent, "kind": kind, "name_fi": f"Nimi {code}"}
        | more
    )


def as_csv(rows, delimiter=","):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, files.COLUMNS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def county_size():
    """One county, 5 areas, 250 units; every tenth closed, every twentieth sensitive. Units stand before their areas."""
    units = [
        row(
            f"U{number:03}",
            f"A{number % 5}",
            name_sv=f"Enhet {number}",
            name_en=f"Unit {number}",
            oid=f"1.2.246.10.1.{number}",
            sensitive="1" if number % 20 == 0 else "0",
            sms="1",
            active_to="2025-12-31" if number % 10 == 0 else "",
        )
        for number in range(250)
    ]
    return [*units, *(row(f"A{number}", "C", "area") for number in range(5)), row("C", kind="county")]


@pytest.fixture
def load(db, at):
    return lambda rows, **more: import_organisation(
        rows if isinstance(rows, bytes) else as_csv(rows), by=None, at=at, **more
    )


def refusals(load, rows):
    with pytest.raises(OrganisationFileRefused) as refused:
        load(rows)
    return [(bad.line, bad.reason) for bad in refused.value.rows]


def test_it_works(load):
    done = load(county_size())
    assert (done.added, done.changed, done.unchanged) == (256, 0, 0)
    unit = Unit.objects.get(code="U020")
    assert (unit.slug, unit.parent.code, unit.parent.parent.code) == ("u020", "A0", "C")
    assert (unit.name_fi, unit.name_sv, unit.name_en) == ("Nimi U020", "Enhet 20", "Unit 20")
    assert unit.sensitive
    assert unit.sms
    assert unit.active_to.isoformat() == "2025-12-31"
    assert Entry.objects.count() == 256


def test_the_same_file_again_changes_nothing(load):
    load(county_size())
    done = load(county_size())
    assert (done.added, done.changed, done.unchanged) == (0, 0, 256)
    assert Entry.objects.count() == 256


def test_only_what_differs_is_changed(load):
    rows = county_size()
    load(rows)
    rows[7] |= {"name_fi": "Uusi nimi", "parent_code": "A4"}
    done = load(rows)
    assert (done.added, done.changed, done.unchanged) == (0, 1, 255)
    assert Unit.objects.get(code="U007").parent.code == "A4"
    assert Entry.objects.order_by("-number").first().facts == {"code": "U007", "fields": "parent, name_fi"}


def test_a_dry_run_tells_the_same_and_changes_nothing(load):
    done = load(county_size(), dry_run=True)
    assert done.added == 256
    assert not Unit.objects.exists()
    assert not Entry.objects.exists()


def test_one_bad_row_keeps_all_out(load):
    rows = county_size()
    rows[100]["kind"] = "ward"
    assert [line for line, _reason in refusals(load, rows)] == [102]
    assert not Unit.objects.exists()


def test_a_unit_the_file_does_not_name_stays(load):
    load(county_size())
    load(county_size()[1:])
    assert Unit.objects.filter(code="U000").exists()


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"code": ""}, "code"),
        ({"code": "x" * 41}, "code"),
        ({"code": "---"}, "code"),
        ({"kind": "ward"}, "kind"),
        ({"name_fi": ""}, "name_fi"),
        ({"name_sv": "x" * 121}, "name_sv"),
        ({"oid": "abc"}, "oid"),
        ({"sensitive": "yes"}, "sensitive"),
        ({"sms": "2"}, "sms"),
        ({"active_from": "1.1.2026"}, "active_from"),
        ({"active_from": "2026-02-01", "active_to": "2026-01-01"}, "active_to"),
        ({"parent_code": "zzz"}, "parent_code"),
        ({"parent_code": ""}, "parent_code"),
        ({"parent_code": "C"}, "parent_code"),
    ],
)
def test_each_bad_cell_is_told_with_its_line(load, more, word):
    rows = [row("C", kind="county"), row("A", "C", "area"), row("U1", "A"), row("U2", "A") | more]
    told = refusals(load, rows)
    assert {line for line, _reason in told} == {5}
    assert any(word in reason for _line, reason in told)


def test_all_bad_rows_are_told_at_once(load):
    rows = [
        row("C", kind="county"),
        row("A", "C", "area"),
        row("U1", "A", sms="x"),
        row("U2", "zzz"),
        row("U1", "A"),
    ]
    assert sorted({line for line, _reason in refusals(load, rows)}) == [4, 5, 6]


@pytest.mark.parametrize("twice", [{"code": "U1"}, {"code": "u1"}, {"oid": "1.2"}])
def test_what_must_be_one_of_its_kind_stands_twice(load, twice):
    rows = [row("C", kind="county"), row("A", "C", "area"), row("U1", "A", oid="1.2"), row("U2", "A") | twice]
    assert {line for line, _reason in refusals(load, rows)} == {5}


def test_a_county_has_no_parent(load):
    rows = [row("C", kind="county"), row("D", "C", kind="county")]
    assert [line for line, _reason in refusals(load, rows)] == [3]


def test_a_code_does_not_become_another_kind_of_place(load):
    load([row("C", kind="county"), row("A", "C", "area"), row("U", "A")])
    told = refusals(load, [row("C", kind="county"), row("U", "C", "area")])
    assert [line for line, _reason in told] == [3]


def test_the_oid_of_a_unit_outside_the_file_is_taken(load):
    load([row("C", kind="county"), row("A", "C", "area"), row("U", "A", oid="1.2")])
    told = refusals(load, [row("C", kind="county"), row("A", "C", "area"), row("V", "A", oid="1.2")])
    assert [line for line, _reason in told] == [4]


def test_two_units_may_change_places(load):
    rows = [
        row("C", kind="county"),
        row("A", "C", "area"),
        row("U", "A", oid="1.2"),
        row("V", "A", oid="1.3"),
    ]
    load(rows)
    rows[2]["oid"], rows[3]["oid"] = "1.3", "1.2"
    load(rows)
    assert Unit.objects.get(code="U").oid == "1.3"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"code,name\n1,2\n", 1),
        (as_csv([row("C", kind="county")]).replace(b"Nimi", b"\xe4"), 2),
        (as_csv([row("C", kind="county")]) + b"too,few\n", 3),
        (as_csv([row("C", kind="county")]) + b'"open quote\n', 3),
        (as_csv([row("C", kind="county")]).replace(b"Nimi", b"\x00"), 2),
    ],
)
def test_what_is_no_such_csv(load, content, line):
    assert refusals(load, content)[0][0] == line
    assert not Unit.objects.exists()


def test_semicolons_and_a_byte_order_mark_are_what_spreadsheets_write(load):
    content = b"\xef\xbb\xbf" + as_csv([row("C", kind="county"), row("A", "C", "area")], delimiter=";")
    assert load(content).added == 2


def test_a_name_over_two_lines_is_refused_and_does_not_shift_the_line_numbers(load):
    rows = [row("C", kind="county", name_sv="yksi\nkaksi"), row("A", "C", "area", sms="x")]
    assert [line for line, _reason in refusals(load, rows)] == [3, 4]


def test_units_under_a_bad_area_are_not_told_as_bad_too(load):
    rows = [row("C", kind="county"), row("A", "C", "area", sms="x"), row("U", "A")]
    assert [line for line, _reason in refusals(load, rows)] == [3]


@given(st.binary(max_size=200))
def test_no_bytes_make_it_stumble(content):
    with pytest.raises(OrganisationFileRefused) as refused:
        files.read(content)
    assert refused.value.rows
