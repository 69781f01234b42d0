"""Why a result stands higher or lower, as sentences in the reader's language."""

from collections.abc import Callable
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clearpath.offers.ranking.score import Known, Mark, interval

ENDS = {
    "licence": lambda days: ngettext("licence ends in %(days)d day", "licence ends in %(days)d days", days),
    "registration": lambda days: ngettext(
        "registration ends in %(days)d day", "registration ends in %(days)d days", days
    ),
    "accreditation": lambda days: ngettext(
        "accreditation ends in %(days)d day", "accreditation ends in %(days)d days", days
    ),
    "insurance": lambda days: ngettext("insurance ends in %(days)d day", "insurance ends in %(days)d days", days),
}  # fmt: skip
SOON = 90  # days
A_DAY = 48  # hours from which on days are told


def reason(mark: Mark, known: Known, *, on: date) -> str:
    """What one criterion has to say of these facts."""
    return REASONS[mark.criterion](known, on)


def outcome_sentence(known: Known) -> str:
    """The outcome with its denominator and its interval."""
    if not known.due:
        return _("No outcome is known yet.")
    low, high = interval(known.well, known.due)
    words = {"well": known.well, "due": known.due, "low": round(100 * low), "high": round(100 * high)}
    return ngettext(
        "%(well)d of %(due)d recent patient recovered as planned (of 100, likely %(low)d to %(high)d).",
        "%(well)d of %(due)d recent patients recovered as planned (of 100, likely %(low)d to %(high)d).",
        known.due,
    ) % words + _lost(known)


def _lost(known: Known) -> str:
    if not known.lost:
        return ""
    return " " + ngettext(
        "%(lost)d was not heard of again and counts as not recovered.",
        "%(lost)d were not heard of again and count as not recovered.",
        known.lost,
    ) % {"lost": known.lost}  # fmt: skip


def answer_words(known: Known) -> str:
    """How fast requests are answered; empty when nobody asked."""
    if not known.answers:
        return ""
    hours = max(1, round(known.answer_hours))
    if hours < A_DAY:
        return ngettext("answers in %(hours)d hour", "answers in %(hours)d hours", hours) % {"hours": hours}
    days = round(hours / 24)
    return ngettext("answers in %(days)d day", "answers in %(days)d days", days) % {"days": days}


def _outcomes(known: Known, _on: date) -> str:
    words = {"well": known.well, "due": known.due}
    told = ngettext(
        "%(well)d of %(due)d recent patient recovered as planned",
        "%(well)d of %(due)d recent patients recovered as planned",
        known.due,
    ) % words  # fmt: skip
    if not known.lost:
        return told
    return _("%(told)s, %(lost)d not heard of again") % {"told": told, "lost": known.lost}


def _reviews(known: Known, _on: date) -> str:
    words = {"reviews": known.reviews, "stars": number_format(known.stars, 1)}
    return ngettext(
        "%(stars)s of 5 stars in %(reviews)d review", "%(stars)s of 5 stars in %(reviews)d reviews", known.reviews
    ) % words  # fmt: skip


def _evidence(known: Known, on: date) -> str:
    in_force = {kind: end for kind, end in known.ends.items() if end > on}
    if not in_force:
        return _("no checked licence or accreditation in force")
    kind, end = min(in_force.items(), key=lambda each: each[1])
    days = (end - on).days
    if days < SOON and kind in ENDS:
        return ENDS[kind](days) % {"days": days}
    return _("accreditation checked and in force") if "accreditation" in in_force else _("no accreditation on file")


def _entry(known: Known, _on: date) -> str:
    if not known.lacks:
        return _("tells everything that patients ask first")
    return ngettext(
        "%(count)d thing that patients ask first is not told",
        "%(count)d things that patients ask first are not told",
        len(known.lacks),
    ) % {"count": len(known.lacks)}  # fmt: skip


REASONS: dict[str, Callable[[Known, date], str]] = {
    "outcomes": _outcomes,
    "answers": lambda known, _on: answer_words(known),
    "reviews": _reviews,
    "evidence": _evidence,
    "entry": _entry,
}

# The rule in plain words, for the page that publishes it: name and what counts.
CRITERIA = {
    "outcomes": (
        gettext_lazy("What became of patients"),
        gettext_lazy(
            "How many of the patients treated in the last two years recovered as planned. Patients of whom nobody "
            "heard again count as not recovered. With fewer than three patients a good result does not raise its place."
        ),
    ),
    "answers": (
        gettext_lazy("How fast requests are answered"),
        gettext_lazy(
            "The time until the hospital answers a request, the middle one of the last year. Two hours or less is "
            "best. A request without an answer counts the time that it waits."
        ),
    ),
    "reviews": (
        gettext_lazy("What treated patients say"),
        gettext_lazy("Stars given by patients who were treated, once a journey. Nobody else can give any."),
    ),
    "evidence": (
        gettext_lazy("Licence and accreditation"),
        gettext_lazy(
            "Whether an accreditation was checked and is in force. In the last 90 days before a licence, "
            "accreditation, registration or insurance ends, this counts less each day."
        ),
    ),
    "entry": (
        gettext_lazy("How much the hospital tells"),
        gettext_lazy(
            "Place, doctors, prices and their date, what a price includes, packages, and room in the next weeks."
        ),
    ),
}  # fmt: skip
