"""Files of entries as providers make them."""

import csv
import io

from openpyxl import Workbook

SITES = [
    ["Reference", "Name", "Country", "City", "Nearest airport"],
    ["MAIN", "Main hospital", "TR", "Istanbul", "IST"],
]
DOCTORS = [
    ["Reference", "Name", "Specialities", "Languages", "Licence valid until (last day)"],
    ["D1", "Dr. Can Demir", "Orthopaedics, Sports medicine", "tr, en", "2027-12-31"],
]
SERVICE_HEAD = [
    "Reference", "Site", "Procedure", "Title", "Usual stay in the hospital (nights)",
    "Usual recovery before flying (days)", "Languages", "Price from", "Price to", "Currency", "Price of (date)",
]  # fmt: skip
KNEE = ["KNEE", "MAIN", "Knee replacement", "New knee", 4, 14, "en, tr", 8000, "9500.50", "EUR", "2026-05-01"]
PACKAGES = [
    ["Service", "Reference", "Title", "Currency", "Stay in the hospital (nights)", "Deposit", "Refunds", "Aftercare"],
    ["KNEE", "P1", "All of it", "EUR", 4, 1000, "patient 30 days: 100 %; patient 7 days: 50 %", "day 7: video call"],
]
LINES = [
    ["Service", "Package", "Line", "Kind", "Included, optional or excluded", "What it is", "Amount", "Tax (%)"],
    ["KNEE", "P1", 1, "Treatment", "Included", "Operation", 8000, 8],
    ["KNEE", "P1", 2, "implant", "included", "Prosthesis", "1500,50", ""],
    ["KNEE", "P1", 3, "lodging", "excluded", "Hotel", 0, ""],
]
CAPACITY = [["Site", "Week (its Monday)", "Places (patients who can begin)"], ["MAIN", "2026-06-03", 3]]


def services(count=1):
    return [SERVICE_HEAD, *([f"S{number}", *KNEE[1:]] if number else KNEE for number in range(count))]


def workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name.replace("_", " ").capitalize())
        for row in rows:
            page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def whole(count=1):
    """A workbook with something of each kind."""
    return workbook(
        sites=SITES,
        doctors=DOCTORS,
        services=services(count),
        packages=PACKAGES,
        package_lines=LINES,
        capacity=CAPACITY,
    )


def comma_separated(rows, delimiter=",", encoding="utf-8"):
    kept = io.StringIO()
    csv.writer(kept, delimiter=delimiter).writerows(rows)
    return kept.getvalue().encode(encoding)
