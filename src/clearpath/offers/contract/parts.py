"""What the contract says, part by part, in one language. It is written once and kept; the PDF prints what is kept."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clearpath.core.money import as_text
from clearpath.offers.models import Choice, Offer, OfferItem
from clearpath.offers.wording import percent
from clearpath.parties import queries as parties


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the contract: sentences, and rows of what is counted."""

    title: str
    says: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


def written(journey: Any, offer: Offer, *, insurance: str, language: str, at: datetime, made_in: str = "") -> str:
    """The whole contract as JSON: title, day, language and parts; `made_in`: the language that decides, if another."""
    with translation.override(language):
        parts = [
            _who(journey, offer),
            _treatment(offer),
            _price(offer),
            _paying(offer),
            _refunds(offer),
            _complications(offer, insurance),
            _afterwards(offer),
            _allowed(offer, at.date()),
            _complaints(),
            _records(),
            _limits(),
            _languages(made_in or language),
        ]
        whole = {
            "title": _("Contract between patient and hospital"),
            "day": date_format(at, "DATE_FORMAT"),
            "language": language,
            "rtl": translation.get_language_bidi(),
            "parts": [asdict(part) for part in parts],
        }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True)


def digest_of(contract: str) -> str:
    """The fingerprint of the contract: printed on it, and kept with the signature."""
    return hashlib.sha256(contract.encode()).hexdigest()


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else _("not said")


def _who(journey: Any, offer: Offer) -> Part:
    hospital = parties.parties_named([offer.provider_id])[offer.provider_id]
    rows = (
        (_("Patient"), journey.patient_name),
        (_("Hospital"), ", ".join(filter(None, (hospital.name, hospital.city, hospital.country)))),
        (_("Journey"), journey.reference),
    )
    says = _("The guide, the agency and this network are not parties to this contract.")
    return Part(_("1. Who agrees"), (says,), rows)


def _treatment(offer: Offer) -> Part:
    says = (
        _("The treatment, its risks and the other ways to treat you are those of the doctor's opinion."),
        _("Before the operation a doctor explains it to you again. You can still say no then."),
        _("If somebody else than the named surgeon is to operate, you are asked first."),
    )
    rows = (
        (_("Surgeon"), offer.surgeon or _("not said")),
        (_("Anaesthetist"), offer.anaesthetist or _("not said")),
        (_("Admission"), _day(offer.starts_on)),
        (_("First day on which you may fly home"), _day(offer.ends_on)),
        (_("Nights in the hospital"), str(offer.stay_nights)),
    )
    return Part(_("2. Treatment"), says, rows)


def _price(offer: Offer) -> Part:
    items = OfferItem.objects.filter(offer=offer).order_by("number")
    rows = [(_row_label(item), as_text(item.amount_minor, offer.currency)) for item in items]
    rows.append((_("Full price, taxes included"), as_text(offer.total_minor, offer.currency)))
    says = [_("Nobody may ask you for more than this. A new price or plan is a new offer, and you can refuse it.")]
    if offer.includes:
        says.append(_("Included: %s") % offer.includes)
    if offer.excludes:
        says.append(_("Not included: %s") % offer.excludes)
    return Part(_("3. Price"), tuple(says), tuple(rows))


def _row_label(item: OfferItem) -> str:
    label = f"{item.label} ({item.maker})" if item.maker else item.label
    if item.standing == OfferItem.Standing.INCLUDED:
        return label
    return f"{label}: {OfferItem.Standing(item.standing).label}"


def _paying(offer: Offer) -> Part:
    deposit = as_text(offer.deposit_minor, offer.currency) if offer.deposit_minor else _("none")
    says = (
        _("A deposit holds the date. It does not promise that you can be operated on: a doctor decides that."),
        _("If the doctor declines, the deposit comes back as the table below says."),
    )
    return Part(_("4. Deposit"), says, ((_("Deposit"), deposit),))


WHO_CANCELS = {
    "patient": lambda: _("You cancel"),
    "provider": lambda: _("The hospital cancels"),
    "doctor": lambda: _("The doctor advises against it"),
}


def _refunds(offer: Offer) -> Part:
    title = _("5. What you get back")
    if not offer.refunds:
        return Part(title, (_("The hospital gave no refund table. Ask for one before you sign."),))
    rows = tuple(
        (
            _("%(who)s, %(days)s days before admission or earlier")
            % {"who": WHO_CANCELS.get(row.get("who", ""), lambda: _("Somebody cancels"))(), "days": row["days_before"]},
            percent(int(row["share_bps"])),
        )
        for row in offer.refunds
    )
    return Part(title, (_("The share of what you have paid that comes back to you:"),), rows)


PAYS = {
    "provider": lambda: _("The hospital"),
    "patient": lambda: _("You"),
    "insurance": lambda: _("The insurance"),
}


def _complications(offer: Offer, insurance: str) -> Part:
    payer = PAYS.get(offer.complications_paid_by, lambda: _("not said"))()
    answer = Choice.Insurance(insurance).label
    was_asked = insurance != Choice.Insurance.NOT_ASKED
    said = _("Insurance for complications was offered. You said") if was_asked else _("Insurance for complications")
    says = (offer.complications_note,) if offer.complications_note else ()
    rows = (
        (_("Who pays for treating complications"), payer),
        (said, str(answer)),
    )
    return Part(_("6. Complications"), says, rows)


def _afterwards(offer: Offer) -> Part:
    rows = tuple((_("Day %s after discharge") % row.get("day", ""), str(row.get("how", ""))) for row in offer.aftercare)
    says = () if rows else (_("The hospital promised no aftercare in its offer. Ask before you sign."),)
    return Part(_("7. Aftercare"), says, rows)


def _allowed(offer: Offer, today: date) -> Part:
    found = [row for row in parties.evidence_rows(offer.provider_id, today=today) if row.valid_to > today]
    rows = tuple(
        (f"{row.kind}: {row.body}", _("%(number)s, until %(day)s") % {"number": row.number, "day": _day(row.valid_to)})
        for row in found
    )
    cover = "insurance" in parties.valid_kinds(offer.provider_id, "provider", today)
    says = () if cover else (_("No liability insurance of the hospital is on file. Ask for it before you sign."),)
    return Part(_("8. Licence, quality and liability insurance of the hospital"), says, rows)


def _complaints() -> Part:
    return Part(
        _("9. If something goes wrong"),
        (
            _("Tell the hospital first, if you can. It must answer you in writing."),
            _("You can also complain to the steward of this network, who earns nothing from your treatment."),
            _("Complaining costs nothing, and nobody may treat you worse for it. You can still go to court."),
        ),
    )


def _records() -> Part:
    return Part(
        _("10. Your records"),
        (
            _("You get a copy of your whole record: report of the operation, implants, medicines, images, letter."),
            _("Invoices are clear and name each item."),
        ),
    )


def _limits() -> Part:
    return Part(
        _("11. What is not promised"),
        (
            _("No result is promised. Every treatment and every journey after it has risks."),
            _("You were told to ask an independent doctor, and that you can leave before the treatment."),
            _("The parties chose no law here. If that matters to you, ask a lawyer before you sign."),
        ),
    )


def _languages(made_in: str) -> Part:
    name = str(dict(settings.LANGUAGES).get(made_in, made_in))
    return Part(
        _("12. Language"),
        (
            _("This contract is made in: %s. The version in that language decides.") % name,
            _("Versions in other languages are for reading only."),
        ),
    )
