"""Whether a step of travel may be taken now, beyond the charter. Pure functions."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection

AIRPORT_LETTERS = 3  # IATA location code, resolution 763
MOST_COMPANIONS = 9


def why_not_issue_invitation(expected_from: date, expected_until: date, companions: int) -> Objection | None:
    if expected_until < expected_from:
        return Objection("leaves_before_arrival", _("The last day comes before the first. Check the dates."))
    if not 0 <= companions <= MOST_COMPANIONS:
        return Objection("companions_out_of_range", _("Say how many people come along, from 0 to 9."))
    return None


def why_not_plan(
    arrives_on: date, leaves_on: date, airport: str, contact: str, *, fit: tuple[date, date] | None
) -> Objection | None:
    """A way home that is planned after the doctor's certificate keeps to it."""
    if leaves_on < arrives_on:
        return Objection("leaves_before_arrival", _("The way home comes before the arrival. Check the dates."))
    if airport and not (len(airport) == AIRPORT_LETTERS and airport.isascii() and airport.isalpha()):
        return Objection("no_such_airport", _("Write the airport as its three letters, such as IST."))
    if not contact.strip():
        return Objection("contact_needed", _("Say whom the patient calls on arrival, day and night."))
    return why_not_fly_on(leaves_on, fit) if fit else None


def why_not_fly_on(day: date, fit: tuple[date, date] | None) -> Objection | None:
    if fit is None or not fit[0] <= day <= fit[1]:
        return Objection("not_fit_on_that_day", _("The doctor's certificate does not cover this day."))
    return None


def why_not_confirm_arrival(arrived_on: date, *, today: date) -> Objection | None:
    if arrived_on > today:
        return Objection("day_is_ahead", _("This day has not come yet. Check the date."))
    return None
