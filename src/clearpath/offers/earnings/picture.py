"""Who earns what from an offer as a picture: from the patient to the hospital, and from there to the others.

Top to bottom, so that it fits a phone; in a language from right to left it is mirrored. Colours are those of the text.
"""

from collections.abc import Mapping
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clearpath.core.money import as_text
from clearpath.offers.earnings.flows import Earnings, Flow

WIDTH, HEIGHT, GAP, STEP = 320, 34, 34, 28  # of the whole, a box, an arrow, and how far a payee stands in
LETTERS = 34  # that fit a box, of a common width


def picture(earnings: Earnings, names: Mapping[UUID, str], *, says: str, rtl: bool) -> SafeString:
    """An SVG with `says` as its text alternative. `names` of the parties; the patient is not among them."""
    rows = _rows(earnings)
    parts = [_box(0, 0, _("You"), rtl)]
    total = as_text(earnings.total_minor, earnings.currency)
    parts += [_arrow(0, 0, total, rtl, known=True), _box(1, 0, names[earnings.provider_id], rtl)]
    for number, (flow, depth) in enumerate(rows, start=1):
        known = flow.amount_minor is not None
        amount = as_text(flow.amount_minor or 0, flow.currency) if known else _("unknown")
        parts += [_arrow(number, depth, amount, rtl, known=known), _box(number + 1, depth, names[flow.payee_id], rtl)]
    height = (len(rows) + 2) * (HEIGHT + GAP) - GAP
    return format_html(
        '<svg class="cp-flows" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}" '
        'direction="{}" fill="currentColor">{}</svg>',
        says, WIDTH, height, WIDTH, height, "rtl" if rtl else "ltr", format_html_join("", "{}", ((p,) for p in parts)),
    )  # fmt: skip


def _rows(earnings: Earnings) -> list[tuple[Flow, int]]:
    """Each flow beneath who pays it, and how far it stands in."""
    found: list[tuple[Flow, int]] = []

    def follow(payer: UUID, depth: int, seen: frozenset[UUID]) -> None:
        for flow in earnings.flows:
            if flow.payer_id == payer and flow.payee_id not in seen:
                found.append((flow, depth))
                follow(flow.payee_id, depth + 1, seen | {flow.payee_id})

    follow(earnings.provider_id, 1, frozenset({earnings.provider_id}))
    told = {id(flow) for flow, _depth in found}
    return found + [(flow, 1) for flow in earnings.flows if id(flow) not in told]


def _x(start: int, width: int, rtl: bool) -> int:
    return WIDTH - start - width if rtl else start


def _box(row: int, depth: int, name: str, rtl: bool) -> SafeString:
    start, width, top = depth * STEP, WIDTH - depth * STEP, row * (HEIGHT + GAP)
    short = name if len(name) <= LETTERS else name[: LETTERS - 1] + "…"
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="6" fill="none" stroke="currentColor"/>'
        '<text x="{}" y="{}" font-size="14" unicode-bidi="plaintext">{}</text>',
        _x(start, width, rtl) + 0.5, top + 0.5, width - 1, HEIGHT - 1,
        _x(start + 10, 0, rtl), top + 22, short,
    )  # fmt: skip


def _arrow(row: int, depth: int, amount: str, rtl: bool, *, known: bool) -> SafeString:
    """From the box above to the box beneath; dashed where it is not known whether anything is paid."""
    x, top = _x(depth * STEP + 14, 0, rtl), row * (HEIGHT + GAP) + HEIGHT
    return format_html(
        '<path d="M{0} {1}V{2}m-4 -5l4 5l4 -5" fill="none" stroke="currentColor"{3}/>'
        '<text x="{4}" y="{5}" font-size="13">{6}</text>',
        x, top + 2, top + GAP - 2, SafeString("" if known else ' stroke-dasharray="3 3"'),
        _x(depth * STEP + 26, 0, rtl), top + 22, amount,
    )  # fmt: skip
