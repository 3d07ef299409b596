"""Reading service events: `import-events FILE.csv` and POST /api/v1/service-events."""

import io
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.sms.service_events import COLUMNS, PROBLEMS, FileRefused, read_csv, read_json

HEADER = ",".join(COLUMNS)
ROW = {
    "event_id": "e1",
    "phone": "040 123 4567",
    "occurred_at": "2026-11-02T09:30:00+02:00",
    "visit_type": "vastaanotto",
    "language": "fi",
    "birth_year": "1980",
    "municipality": "Pori",
    "unit": "keskusta",
    "permission": "1",
    "non_disclosure": "0",
    "phones_on_file": "1",
}


def row(delimiter=",", **changes):
    return delimiter.join((ROW | changes).values())


def read(*lines, header=HEADER):
    return read_csv(io.BytesIO("\n".join([header, *lines]).encode()))


def lines_and_codes(problems):
    return [(problem.line, [error.code for error in problem.errors]) for problem in problems]


def refusal(data):
    with pytest.raises(FileRefused) as refused:
        read_csv(io.BytesIO(data))
    problem = refused.value.problem
    return problem.line, [error.code for error in problem.errors]


def test_it_works():
    (event,), problems = read(row())

    assert problems == []
    assert event.event_id == "e1"
    assert event.phone == "040 123 4567"
    assert event.occurred_at == datetime(2026, 11, 2, 9, 30, tzinfo=timezone(timedelta(hours=2)))
    assert event.birth_year == 1980
    assert (event.permission, event.non_disclosure, event.phones_on_file) == (True, False, 1)


def test_semicolons_a_byte_order_mark_windows_line_ends_and_another_order_are_fine():
    header = ";".join(reversed(COLUMNS))
    cells = ";".join(reversed(ROW.values()))
    data = "\ufeff" + header + "\r\n" + cells + "\r\n"

    events, problems = read_csv(io.BytesIO(data.encode()))

    assert events == read(row())[0]
    assert problems == []


def test_what_eligibility_decides_about_may_be_empty():
    (event,), problems = read(
        row(
            phone="",
            language="",
            birth_year="",
            permission="",
            non_disclosure="",
            phones_on_file="",
            visit_type="",
            municipality="",
        )
    )

    assert problems == []
    assert event.birth_year is event.permission is event.non_disclosure is event.phones_on_file is None


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("event_id", "", "missing"),
        ("unit", " ", "missing"),
        ("occurred_at", "", "missing"),
        ("occurred_at", "2.11.2026 9.30", "not_a_time"),
        ("occurred_at", "2026-02-30T09:30:00+02:00", "not_a_time"),
        ("occurred_at", "0001-01-01T00:00:00+02:00", "not_a_time"),
        ("occurred_at", "2026-11-02T09:30:00", "no_offset"),
        ("occurred_at", "2026-11-02", "no_offset"),
        ("birth_year", "80", "not_a_year"),
        ("birth_year", "١٩٨٠", "not_a_year"),
        ("permission", "yes", "not_a_flag"),
        ("non_disclosure", "2", "not_a_flag"),
        ("phones_on_file", "-1", "not_a_count"),
        ("phones_on_file", "1.0", "not_a_count"),
        ("event_id", "x" * 101, "too_long"),
        ("event_id", "e\x001", "unprintable"),
        ("phone", "\N{LEFT-TO-RIGHT EMBEDDING}0401234567", "unprintable"),
    ],
)
def test_a_bad_value_costs_its_row_and_says_why(field, value, code):
    events, (problem,) = read(row(**{field: value}), row(event_id="e2"))

    assert [event.event_id for event in events] == ["e2"]
    assert problem.line == 2
    (error,) = problem.errors
    assert error.code == code
    assert field in error.message()


def test_all_that_is_wrong_with_a_row_is_told_at_once():
    _, problems = read(row(event_id="", birth_year="x", permission="maybe"))
    assert lines_and_codes(problems) == [(2, ["missing", "not_a_year", "not_a_flag"])]


def test_lines_are_counted_as_an_editor_does_over_quoted_line_breaks_and_blank_lines():
    events, problems = read(
        row(municipality='"Pori\nBjörneborg"'),  # lines 2 and 3
        "",
        row(event_id="e2", unit=""),  # line 5
        row(event_id=""),
        "," * 10,
        row(event_id="e3"),
    )

    assert [(event.event_id, event.municipality) for event in events] == [
        ("e1", "Pori Björneborg"),
        ("e3", "Pori"),
    ]
    assert lines_and_codes(problems) == [(5, ["missing"]), (6, ["missing"])]


@pytest.mark.parametrize("stray", ['"Pori', 'Po"ri', 'Pori"', '"Po"ri'])
def test_a_stray_quotation_mark_costs_only_its_own_row(stray):
    events, problems = read(
        row(),
        row(event_id="e2", municipality=stray),
        row(event_id="e3"),
        row(event_id="e4", unit='"keskusta"'),
    )

    assert [event.event_id for event in events] == ["e1", "e3", "e4"]
    assert lines_and_codes(problems) == [(3, ["open_quote"])]


def test_two_stray_quotation_marks_do_not_swallow_the_rows_between():
    events, problems = read(
        row(event_id="e1", municipality='"Pori'),
        *(row(event_id=f"between{n}") for n in range(3)),
        row(event_id="e2", municipality='"Pori'),
        row(event_id="e3"),
    )

    assert [event.event_id for event in events] == ["between0", "between1", "between2", "e3"]
    assert lines_and_codes(problems) == [(2, ["open_quote"]), (6, ["open_quote"])]


def test_a_quotation_that_closes_rows_later_does_not_swallow_them_either():
    events, problems = read('e1,"0401234567', row(event_id="e2"), '0401234567",x')

    assert [event.event_id for event in events] == ["e2"]
    assert lines_and_codes(problems) == [(2, ["open_quote"]), (4, ["cell_count"])]


def test_a_row_of_too_few_or_too_many_cells_is_bad():
    _, problems = read("e1,0401234567", row() + ",1")
    assert lines_and_codes(problems) == [(2, ["cell_count"]), (3, ["cell_count"])]


def test_a_row_of_a_megabyte_is_bad_and_the_next_is_taken():
    events, problems = read(row(visit_type="x" * 1_000_000), row(event_id="e2"))

    assert [event.event_id for event in events] == ["e2"]
    assert lines_and_codes(problems) == [(2, ["long_row"])]


def test_a_repeated_row_counts_once():
    events, problems = read(row(), row())
    assert [event.event_id for event in events] == ["e1"]
    assert problems == []


def test_an_event_told_in_two_ways_is_taken_in_neither():
    events, problems = read(row(non_disclosure="0"), row(event_id="e2"), row(non_disclosure="1"))

    assert [event.event_id for event in events] == ["e2"]
    assert lines_and_codes(problems) == [(2, ["conflicting"]), (4, ["conflicting"])]


@pytest.mark.parametrize(
    "column", ["diagnosis", "Diagnoosi", "ICD10", "performer", "lääkäri", "hoitaja", "hetu"]
)
def test_a_diagnosis_or_performer_column_refuses_the_file(column):
    data = f"{HEADER},{column}\n{row()},x".encode()
    assert refusal(data) == (1, ["forbidden_column"])


def test_any_unknown_column_refuses_the_file():
    assert refusal(f"{HEADER},colour\n{row()},x".encode()) == (1, ["unknown_column"])


def test_a_lacking_column_refuses_the_file_and_is_named():
    with pytest.raises(FileRefused, match="non_disclosure"):
        read(header=HEADER.replace(",non_disclosure", ""))


def test_a_repeated_column_refuses_the_file():
    assert refusal(f"{HEADER},permission\n{row()},1".encode()) == (1, ["repeated_column"])


def test_bytes_that_are_not_utf_8_refuse_the_file_with_the_line():
    data = "\n".join([HEADER, row(), row(municipality="Jyväskylä")]).encode("latin-1")
    assert refusal(data) == (3, ["not_utf8"])
    assert refusal(HEADER.encode("utf-16")) == (1, ["not_utf8"])


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data):
    assert refusal(data) == (1, ["empty_file"])


def test_a_file_without_a_header_is_refused_without_repeating_its_first_row():
    with pytest.raises(FileRefused) as refused:
        read_csv(io.BytesIO(row().encode()))
    assert "040" not in str(refused.value)
    assert "Pori" not in str(refused.value)


def test_a_header_alone_has_no_events():
    assert read() == ([], [])


def test_json_takes_numbers_and_booleans_and_leaves_out_what_is_empty():
    item = {
        "event_id": "e1",
        "phone": "0401234567",
        "occurred_at": "2026-11-02T09:30:00+02:00",
        "birth_year": 1980,
        "unit": "keskusta",
        "permission": True,
        "non_disclosure": False,
        "phones_on_file": 1,
        "municipality": None,
    }
    (event,), rejected = read_json([item])

    assert rejected == []
    assert (event.birth_year, event.permission, event.non_disclosure) == (1980, True, False)
    assert (event.phones_on_file, event.municipality, event.language) == (1, "", "")


def test_json_and_csv_read_the_same_event():
    assert read_json([ROW])[0] == read(row())[0]


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ("e1", "not_an_object"),
        (None, "not_an_object"),
        ({}, "missing"),
        (ROW | {"diagnosis": "F32"}, "forbidden_field"),
        (ROW | {"colour": "red"}, "unknown_field"),
        (ROW | {"phones_on_file": True}, "wrong_type"),
        (ROW | {"permission": 0.5}, "wrong_type"),
        (ROW | {"phone": ["0401234567"]}, "wrong_type"),
        (ROW | {"birth_year": 10**5000}, "wrong_type"),
        (ROW | {"event_id": "\ud800"}, "unprintable"),
    ],
)
def test_json_rejects_by_index(item, code):
    events, (rejected,) = read_json([ROW, item] if item != {} else [ROW | {"event_id": "e2"}, item])

    assert len(events) == 1
    assert rejected["index"] == 1
    assert rejected["errors"][0]["code"] == code


def test_json_sentences_are_in_the_callers_language():
    finnish = {PROBLEMS["missing"]: "%(field)s puuttuu."}
    _, (rejected,) = read_json([ROW | {"unit": ""}], translate=lambda text: finnish[text])
    assert rejected["errors"] == [{"field": "unit", "code": "missing", "message": "unit puuttuu."}]


def test_an_events_repr_tells_nobody_who_it_was():
    (event,), _ = read(row())
    assert "040" not in repr(event)
    assert "1980" not in repr(event)
    assert "Pori" not in repr(event)


VALUES = st.one_of(st.text(max_size=50), st.sampled_from(['"', "0401234567", "a,b", "x\ny", "1", ""]))


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, VALUES)), max_size=4))
def test_no_message_repeats_a_value(rows):
    secret = "0409998887"
    text = "\n".join([HEADER] + [",".join(secret + value for value in each.values()) for each in rows])
    _, problems = read_csv(io.BytesIO(text.encode("utf-8")))
    for problem in problems:
        assert all(secret not in error.message() for error in problem.errors)


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_read_or_refused(data, with_header):
    try:
        events, problems = read_csv(io.BytesIO((HEADER.encode() + b"\n" if with_header else b"") + data))
    except FileRefused as refused:
        events, problems = [], [refused.problem]
    assert all(event.event_id and event.unit for event in events)
    assert all(problem.line >= 1 and problem.errors for problem in problems)
