import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

from clearpath.charter.document import default_charter
from clearpath.charter.show import as_csv, as_html, as_page, as_text, matrix_rows

CHARTER = default_charter()


def cells(step: str) -> dict[str, str]:
    [row] = [row for row in matrix_rows(CHARTER) if row.step == step]
    return {role: cell for role, cell in zip(CHARTER.roles, row.cells, strict=True) if cell}


def test_each_step_is_one_row_with_the_duty_of_every_role():
    assert len(matrix_rows(CHARTER)) == 151
    assert cells("offers.accept") == {"patient": "R", "facilitator": "I", "provider": "I", "doctor": "I"}
    assert cells("offers.make") == {"facilitator": "I", "provider": "R", "doctor": "C"}


def test_positions_and_appointments_are_shown_in_brackets():
    assert cells("marketing.accept_campaign") == {"provider": "(R)", "facilitator": "(R)", "agency": "I"}
    assert cells("records.add") == {"patient": "R", "facilitator": "(R)", "home_doctor": "(R)"}


def test_the_table_holds_every_step_and_every_role():
    text = as_text(CHARTER)

    assert all(step.name in text for step in CHARTER.all_steps())
    assert text.startswith("A clear path, version 2026.1\n")
    head = next(line for line in text.split("\n") if line.startswith("  step"))
    accept = next(line for line in text.split("\n") if line.startswith("  offers.accept "))
    assert head.split() == ["step", "kind", *CHARTER.roles]
    assert accept[head.index("patient") : head.index("patient") + 7].strip() == "R"


def test_csv_reads_back_as_the_rows():
    rows = list(csv.reader(io.StringIO(as_csv(CHARTER))))

    assert rows[0] == ["subject", "step", "kind", *CHARTER.roles]
    assert [tuple(row[3:]) for row in rows[1:]] == [row.cells for row in matrix_rows(CHARTER)]


class Tags(HTMLParser):
    """Collects open tags, and complains when they do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "!doctype"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_without_style_or_script():
    tags = Tags()
    tags.feed(as_page(CHARTER))

    assert tags.open == []
    names = [name for name, _ in tags.seen]
    assert not {"style", "script", "link", "img"} & set(names)
    assert not any("style" in attrs or any(key.startswith("on") for key in attrs) for _, attrs in tags.seen)
    assert names.count("h1") == names.count("main") == names.count("title") == 1
    assert names.count("table") == names.count("caption") == len(CHARTER.subjects) + 2
    assert all(attrs.get("scope") in ("row", "col") for name, attrs in tags.seen if name == "th")
    assert tags.seen[0][1] == {"lang": "en"}


def test_what_the_charter_says_cannot_become_markup():
    sly = replace(CHARTER, title="<script>alert(1)</script>", language='en"><script>')

    assert not re.search(r"<script", as_page(sly))
    assert "&lt;script&gt;alert(1)" in as_html(sly)
