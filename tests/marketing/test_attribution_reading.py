"""A file of paths: what is good is kept, what is bad is named; in blocks or line by line, it says the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearpath.marketing.attribution import FileRefusedError, Paths, blocks, divide, read, reading
from clearpath.marketing.attribution.lines import LineError, row_of
from clearpath.marketing.attribution.names import Names, marks_of

HEADER = b"path,total,converted,value\n"


@pytest.fixture
def reading_of(tmp_path):
    def reading_of(content, header=HEADER):
        file = tmp_path / "paths.csv"
        file.write_bytes(header + (content if isinstance(content, bytes) else content.encode()))
        return read(file)

    return reading_of


def rows_of(paths):
    """The rows again, as they were given."""
    names = [paths.channels[place] for place in paths.touches]
    columns = zip(paths.ends - paths.lengths, paths.ends, paths.total, paths.converted, paths.value, strict=True)
    return [(names[start:end], *map(int, numbers)) for start, end, *numbers in columns]


def test_a_row_is_a_path_with_its_numbers(reading_of):
    found = reading_of("search>social>email,12,3,450000\nemail,5,0,0\n")

    assert rows_of(found.paths) == [(["search", "social", "email"], 12, 3, 450_000), (["email"], 5, 0, 0)]
    assert found.paths.channels == ("email", "search", "social")
    assert (found.rows, found.refused, found.problems) == (2, 0, [])


BAD = [
    ("a>,1,0,0", "path", "A channel has no name."),
    (",1,0,0", "path", "A channel has no name."),
    ("a>\x07b,1,0,0", "path", "is no name of a channel"),
    ("good\0,1,0,0", "path", "is no name of a channel"),
    ("a" * 201 + ",1,0,0", "path", "is no name of a channel"),
    ("a,,0,0", "total", "It is empty."),
    ("a,1.5,0,0", "total", "“1.5” is no whole number"),
    ("a,-1,0,0", "total", "is no whole number"),
    ("a,١,0,0", "total", "is no whole number"),
    ("a,1,2,0", "converted", "2 converted, but only 1 took this path."),
    ("a,1,one,0", "converted", "is no whole number"),
    ("a,1,0,5", "value", "Nobody converted"),
    ("a,1,1,1234567890123456", "value", "is no whole number"),
    ("a,1,1,1e3", "value", "is no whole number"),
    ("a,1,1,=1+1", "value", "is no whole number"),
    ("a,1,1", "", "This one has 3."),
    ("a,1,1,1,", "", "This one has 5."),
    ("a;1;1;1", "", "This one has 1."),
    ('"a,1,1,1', "", "A quotation mark is not closed."),
    (b"a\xff,1,0,0", "", "It is no UTF-8 text."),
]


@pytest.mark.parametrize(("line", "column", "says"), BAD)
def test_a_bad_row_is_named_with_its_column_and_the_good_ones_are_kept(reading_of, line, column, says):
    line = line if isinstance(line, bytes) else line.encode()

    found = reading_of(b"good,2,1,10\n" + line + b"\nfine>good,3,1,20\n")

    [problem] = found.problems
    assert (problem.row, problem.column) == (3, column)
    assert says in problem.says
    assert rows_of(found.paths) == [(["good"], 2, 1, 10), (["fine", "good"], 3, 1, 20)]
    assert (found.rows, found.refused) == (3, 1)


def test_what_other_programs_write_is_read_too(reading_of):
    found = reading_of(
        '\r\n"Google, Ads > e-posta > البحث",1,1,7\r\n  b ,  2 , 1 , 3  \r\n\r\nc,1,0,0',
        header=b"\xef\xbb\xbfPath, Total,Converted,Value\r\n",
    )

    assert rows_of(found.paths) == [(["Google, Ads", "e-posta", "البحث"], 1, 1, 7), (["b"], 2, 1, 3), (["c"], 1, 0, 0)]
    assert found.refused == 0


@pytest.mark.parametrize(
    "header", [b"", b"a,1,1,1\n", b"path;total;converted;value\n", "path,total,converted,value\n".encode("utf-16")]
)
def test_a_file_without_the_header_is_refused(reading_of, header):
    with pytest.raises(FileRefusedError, match="first line must be path,total,converted,value"):
        reading_of("", header=header)


def test_a_file_that_cannot_be_added_up_is_refused(reading_of):
    with pytest.raises(FileRefusedError, match="column value adds up"):
        reading_of("a,1,1,999999999999999\n" * 10)
    with pytest.raises(FileRefusedError, match="more than 2000 channels"):
        reading_of("".join(f"c{number},1,0,0\n" for number in range(2_001)))


def test_many_bad_rows_are_counted_and_the_first_are_told(reading_of):
    found = reading_of("a,1,0,5\n" * 1_500 + "a,1,1,5\n")

    assert (found.rows, found.refused, len(found.problems)) == (1_501, 1_500, 1_000)
    assert found.paths.whole == 5


# ---- In blocks or line by line --------------------------------------------------------------------------------------

channel = st.text('ab é>,"\r\x00-=日', min_size=0, max_size=30) | st.sampled_from(
    ["search", "a much longer name than eight bytes", "a much longer name than eight bytEs", "x" * 200, "x" * 201]
)
number = st.integers(0, 30).map(str) | st.sampled_from(["", "007", "1.0", "+1", " 4", "9" * 15, "9" * 16, "x"])
path = st.lists(channel, min_size=1, max_size=4).map(">".join)
line = st.tuples(path, number, number, number).map(",".join) | st.text('a,1>"\r', max_size=12)


@pytest.mark.slow
@given(st.lists(line, max_size=8))
def test_a_block_says_what_its_lines_say_or_nothing(lines):
    block = "".join(f"{each}\n" for each in lines).encode()
    names = Names()
    columns = blocks.columns_of(block, names)

    if columns is not None:
        known = {number: name for name, number in names.numbers.items()}
        touches = iter(known[number] for number in columns.touches.tolist())
        found = [
            ([next(touches) for _ in range(length)], *numbers)
            for length, *numbers in zip(*(column.tolist() for column in columns[1:]), strict=True)
        ]
        assert found == [row_of(each.encode()) for each in lines]


@pytest.mark.slow
@given(st.lists(line, max_size=8))
def test_no_line_costs_another_one_and_nothing_crashes(tmp_path_factory, lines):
    file = tmp_path_factory.mktemp("any") / "paths.csv"
    file.write_bytes(HEADER + "".join(f"{each}\n" for each in lines).encode())
    good = []
    for each in lines:
        try:
            good.append(row_of(each.removesuffix("\r").encode()))
        except LineError:
            continue

    try:
        found = read(file)
    except FileRefusedError:
        assert sum(row[3] for row in good if row) > 2**53 or sum(row[1] for row in good if row) > 2**50
        return

    assert rows_of(found.paths) == [row for row in good if row]
    assert found.refused == len(lines) - len(good)


@given(st.lists(st.text("ab日", min_size=1, max_size=40), min_size=1))
def test_a_mark_is_the_same_exactly_for_the_same_name(names):
    text = "".join(names).encode()
    lengths = np.array([len(name.encode()) for name in names])
    ends = np.cumsum(lengths)

    marks = marks_of(text, ends - lengths, lengths).tolist()

    assert len(set(zip(marks, names, strict=True))) == len(set(marks)) == len(set(names))


def test_long_names_that_differ_in_single_bytes_have_marks_of_their_own():
    """A mark made by multiplying alone would lose what stands in the last byte of each word."""
    signs = [chr(code) for code in range(0x30, 0x70)]
    names = [f"1234567{one}1234567{other}" for one in signs for other in signs]
    starts = np.arange(len(names)) * 16

    marks = marks_of("".join(names).encode(), starts, np.full(len(names), 16))

    assert len(set(marks.tolist())) == len(names)


@pytest.mark.slow
def test_a_file_of_many_blocks_is_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 64)
    rows = [([f"channel {number % 7}", "b"], number, number // 2, number // 2 * 3) for number in range(500)]
    file = tmp_path / "paths.csv"
    file.write_bytes(HEADER + "".join(f"{'>'.join(path)},{t},{c},{v}\n" for path, t, c, v in rows).encode())
    told = []

    found = read(file, told.append)

    assert rows_of(found.paths) == rows
    assert told[-1] == 500
    assert divide(found.paths, "markov") == divide(Paths.of(rows), "markov")
