"""Writes files of leads in which good lines stand between broken ones, from a seed; the good ones are known."""

import csv
from dataclasses import dataclass
from io import StringIO
from random import Random

HEADINGS = (
    "name", "email", "phone", "asks", "country", "language", "channel", "consent_wording", "consent_language",
    "consented_at",
)  # fmt: skip
META_HEADINGS = (
    "id", "created_time", "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name", "form_id",
    "form_name", "is_organic", "platform", "what_do_you_need_help_with?", "full_name", "phone_number", "email",
    "country", "inbox_url", "lead_status",
)  # fmt: skip
FORMULAS = ('=HYPERLINK("http://x.example","y")', "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-cmd|'/C x'!A0", "#REF!")
WRONG_TIMES = (
    "", "yesterday", "31/12/2026", "12/31/2026 10:00", "2026-13-01 10:00", "2026-02-30 10:00", "45000.5",
    "1899-12-30 00:00",
    "2026-06-01", "2099-01-01 10:00", "0000-00-00 00:00:00", "9999-12-31 23:59:59", "10:00", "2026-05-01T25:00:00Z",
)  # fmt: skip
GOOD_TIMES = ("2026-05-31T10:00:00+03:00", "2026-05-31 10:00", "31.05.2026 10:00", "2026-05-31T07:00:00Z")
NAMES = ("Layla Haddad", "Ayşe Yılmaz", "فاطمة الزهراء", "Zoë O'Brien", 'Maria "Mia" Rossi', "Ng, Wei")
ASKS = ("A new knee", "Diş implantı", "عملية الركبة", "Two things:\nknee and hip", 'He said "soon", I hope', "- a knee")


@dataclass(frozen=True)
class Made:
    """`content` is the file; `good` the names in good lines, in order; `bad` how many lines are broken."""

    content: bytes
    good: list[str]
    bad: int


def good_row(number: int, random: Random) -> dict[str, str]:
    return {
        "name": f"{random.choice(NAMES)} {number}",
        "email": f"person{number}@example.org",
        "phone": random.choice(("+965 5550 1234", "+90 532 123 45 67", "00905321234567", "")),
        "asks": random.choice(ASKS),
        "country": random.choice(("KW", "tr", "DE")),
        "language": random.choice(("ar", "tr", "en-GB")),
        "channel": random.choice(("social", "search", "fb")),
        "consent_wording": "You may call me about my question.",
        "consent_language": "en",
        "consented_at": random.choice(GOOD_TIMES),
    }  # fmt: skip


def quoted(values, delimiter=","):
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerow(values)
    return out.getvalue().removesuffix("\r\n")


def broken_line(number: int, random: Random, megabyte: bool) -> bytes:
    """One physical line that is no lead, for one of many reasons."""
    row = good_row(number, random)
    if megabyte:
        row[random.choice(("name", "asks", "consent_wording"))] = "x" * 1_000_000
        return quoted(row.values()).encode()
    how = random.randrange(14)
    row["asks"] = "A new knee"  # on one line, so that it breaks by itself
    if how == 0:
        row[random.choice(("consent_wording", "consent_language", "consented_at"))] = " "
    elif how == 1:
        row["consented_at"] = random.choice(WRONG_TIMES)
    elif how == 2:
        row[random.choice(HEADINGS)] = random.choice(FORMULAS)
    elif how == 3:
        return quoted(row.values()).encode().replace(b"person", "Ayşe".encode("cp1254"))
    elif how == 4:
        row["name"] = "Ayşe\x00\x07" if random.random() < 0.5 else "a\x1b[2J"
    elif how == 5:
        row["email"], row["phone"] = "", random.choice(("", "no telephone"))
    elif how == 6:
        row["email"] = random.choice(("not an address", "a@b", "@", "x@@example.org"))
    elif how == 7:
        row["country"] = random.choice(("Kuwait", "XX", "", "1"))
    elif how == 8:
        row["language"] = random.choice(("", "the language of my mother", "a", "??"))
    elif how == 9:
        row["name"] = random.choice(("", " ", "x" * 121))
    elif how == 10:
        return quoted([*row.values(), "one", "two"]).encode()
    elif how == 11:
        return b'"' + quoted(row.values()).encode()  # a quote that never ends
    elif how == 12:
        return quoted(list(row.values())[: random.randrange(1, 9)]).encode()
    else:
        return random.choice(
            (b"\xff\xfe\x00", b'"""', b"\xd8\x00,\xdc", b"%PDF-1.7", b"<script>", b"\xef\xbb\xbf;;x", b"a")
        )
    return quoted(row.values()).encode()


def file_of(seed: int, *, bad: int, good: int, megabytes: int = 0) -> Made:
    """Good lines at random places between the broken ones."""
    random = Random(seed)
    kinds = ["good"] * good + ["bad"] * (bad - megabytes) + ["megabyte"] * megabytes
    random.shuffle(kinds)
    lines, names = [quoted(HEADINGS).encode()], []
    for number, kind in enumerate(kinds):
        if kind == "good":
            row = good_row(number, random)
            names.append(row["name"])
            lines.append(quoted(row.values()).encode())
        else:
            lines.append(broken_line(number, random, kind == "megabyte"))
    return Made(b"\r\n".join(lines), names, bad)


def meta_file(*people: dict[str, str]) -> bytes:
    """As Meta writes it: tabs, UTF-16, a kind before every key."""
    rows = [META_HEADINGS]
    for number, person in enumerate(people):
        fixed = {
            "id": f"l:10{number}", "created_time": "2026-05-31T10:00:00+03:00", "ad_id": "ag:2",
            "ad_name": "-50% knees",
            "adset_id": "as:3", "adset_name": "KW", "campaign_id": "c:4", "campaign_name": "Knees", "form_id": "f:5",
            "form_name": "Form", "is_organic": "false", "platform": "ig", "what_do_you_need_help_with?": "a_new_knee",
            "full_name": f"Layla {number}", "phone_number": "p:+96555501234", "email": f"layla{number}@example.org",
            "country": "KW", "inbox_url": "", "lead_status": "CREATED",
        }  # fmt: skip
        rows.append(tuple((fixed | person).values()))
    return "\ufeff".encode("utf-16-le") + "\r\n".join(quoted(row, "\t") for row in rows).encode("utf-16-le")
