"""A made-up file of delegates: so many hospitals, guides and agencies that wish each other, always the same."""

import csv
import random
from io import BytesIO, StringIO

from openpyxl import Workbook

COLUMNS = [
    "organisation", "trade", "person", "email", "offers", "wants", "languages", "countries", "least", "most", "arrives",
    "leaves", "wishes", "not",
]  # fmt: skip
SPECIALITIES = ["orthopaedics", "heart surgery", "dental", "eyes", "fertility", "hair transplant", "oncology"]
MARKETS = ["KW", "DE", "GB", "SA", "IQ", "NL"]
LANGUAGES = ["ar", "en", "tr", "de"]


def delegate_rows(count=120, *, wishes=8, seed=1):
    """`count` lines, half of them hospitals; each wishes some of the other side, and one in ten rejects somebody."""
    dice = random.Random(seed)
    names = [f"House {number:03}" for number in range(count)]
    sellers, buyers = names[: count // 2], names[count // 2 :]
    rows = []
    for number, name in enumerate(names):
        sells = number < count // 2
        others = buyers if sells else sellers
        chosen = dice.sample(others, min(wishes + 1, len(others)))
        trade = "provider" if sells else dice.choice(["facilitator", "facilitator", "agency"])
        some = "; ".join(f"{each}: {dice.randrange(5, 200)}" for each in dice.sample(SPECIALITIES, 2))
        rows.append(
            {
                "organisation": name,
                "trade": trade,
                "person": f"Person of {name}",
                "email": f"person{number}@house{number}.example",
                "offers": some if sells else "patients; interpreting",
                "wants": "patients" if sells else some,
                "languages": "; ".join(dice.sample(LANGUAGES, 2)),
                "countries": "; ".join(dice.sample(MARKETS, 2)),
                "least": "1",
                "most": str(dice.choice([8, 12, ""])),
                "arrives": "",
                "leaves": "",
                "wishes": "; ".join(chosen[:wishes]),
                "not": chosen[wishes] if number % 10 == 0 and len(chosen) > wishes else "",
            }
        )
    return rows


def as_excel(rows, columns=COLUMNS):
    book = Workbook()
    page = book.active
    page.append(columns)
    for row in rows:
        page.append([row.get(column, "") for column in columns])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(rows, columns=COLUMNS):
    out = StringIO()
    writer = csv.writer(out)
    writer.writerows([columns, *([row.get(column, "") for column in columns] for row in rows)])
    return out.getvalue().encode(errors="replace")
