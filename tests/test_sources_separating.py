import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from c360.sources.separating import Malformed, separate_csv, separate_lines

values = st.text(st.sampled_from('ab1é ",;\n'), max_size=6).map(str.strip)
rows = st.lists(st.tuples(values, values, values), min_size=1, max_size=6)


def separated(text, columns=3):
    """Return the good records with their numbers, and the malformed lines."""
    with TemporaryDirectory() as folder:
        path, clean = Path(folder, "feed"), Path(folder, "clean")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        malformed = list(separate_csv(path, clean, columns=columns, delimiter=","))
        return [json.loads(line) for line in clean.read_text("utf-8").split("\n")[:-1]], malformed


@given(rows, st.sampled_from(["\n", "\r\n"]))
def test_whatever_a_csv_writer_wrote_is_read_back(rows, line_end):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end).writerows([("a", "b", "c"), *rows])

    good, malformed = separated(text.getvalue())

    assert good == [[str(number), *row] for number, row in enumerate(rows, start=1)]
    assert malformed == []


@given(st.text(st.sampled_from('ab",\n\r'), max_size=30))
def test_every_line_is_a_record_or_malformed_and_numbers_have_no_gap(body):
    good, malformed = separated("a,b,c\n" + body)

    numbers = sorted([*(int(number) for number, *_ in good), *(m.row_number for m in malformed)])
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(len(row) >= 4 for row in good)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,2", "has 2 columns, not 3"),
        ("1,2,3,4", "has 4 columns, not 3"),
        ('1,"2,3",4,5', "has 4 columns, not 3"),
        ('1,"2,3', "broken quotes"),
        ('1,"2"2,3', "broken quotes"),
    ],
)
def test_a_malformed_line_costs_no_other(line, reason):
    good, malformed = separated(f"a,b,c\n{line}\nx,y,z\n")

    assert malformed == [Malformed(1, reason, line)]
    assert good == [["2", "x", "y", "z"]]


@pytest.mark.parametrize("line", ['1, "2" ,3', "1,2,3,", "1,2,3,,", '1," 2 ",3'])
def test_blanks_around_quotes_and_delimiters_at_the_end_are_nothing(line):
    good, malformed = separated(f"a,b,c\n{line}\n")

    assert [value.strip() for value in good[0][:4]] == ["1", "1", "2", "3"]
    assert malformed == []


def test_an_overlong_line_is_malformed():
    good, malformed = separated("a,b,c\n1,2," + "x" * 2_000_001 + "\n1,2,3\n")

    assert [(m.row_number, m.reason, len(m.raw)) for m in malformed] == [
        (1, "is longer than 2 MB", 100_000)
    ]
    assert good == [["2", "1", "2", "3"]]


def test_lines_are_numbered_with_the_blank_ones(tmp_path):
    feed, clean = tmp_path / "feed", tmp_path / "clean"
    feed.write_bytes(b"\xef\xbb\xbf{}\r\n\n\xff\n[]")

    malformed = list(separate_lines(feed, clean))

    assert clean.read_text() == '["1","{}"]\n["2",""]\n["4","[]"]\n'
    assert malformed == [Malformed(3, "is not UTF-8", "\ufffd")]
