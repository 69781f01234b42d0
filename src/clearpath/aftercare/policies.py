"""When an answer needs a doctor, and whether a step of aftercare may be taken now. Pure functions.

The thresholds are the network's own defaults, made to err towards asking a doctor; they are no medical advice and
replace no emergency call. 38.0 degrees Celsius is the fever by which the surveillance of surgical site infections
counts (CDC/NHSN, Patient Safety Component Manual, chapter 9); severe pain begins at 7 of 10 on the numeric rating
scale (Serlin et al., Pain 61, 1995). Both from general knowledge, to be confirmed by the network's doctors.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from clearpath.aftercare.models import Ending, Report
from clearpath.core.outcomes import Objection

FEVER_C = Decimal("38.0")
SEVERE_PAIN = 7
WORST_PAIN = 10
BODY_C = (Decimal("30.0"), Decimal("45.0"))  # what a thermometer can sensibly show
SILENCE = timedelta(days=90)  # the field's last follow-up but the yearly one: 7, 30, 90, 365 days

ALARMS: Mapping[str, Any] = {
    "fever": _("Fever"),
    "severe_pain": _("Severe pain"),
    "wound_open": _("The wound is open, wet or smelling"),
    "wound_red": _("The wound is red, warm or swollen"),
    "bleeding": _("Bleeding"),
    "short_of_breath": _("Short of breath"),
}


def alarms_in(
    *, pain: int, temperature_c: Decimal | None, wound: str, is_bleeding: bool, is_short_of_breath: bool
) -> list[str]:
    """Codes of what in an answer needs a doctor; empty when nothing does. They are keys of `ALARMS`."""
    found = {
        "short_of_breath": is_short_of_breath,
        "bleeding": is_bleeding,
        "fever": temperature_c is not None and temperature_c >= FEVER_C,
        "severe_pain": pain >= SEVERE_PAIN,
        "wound_open": wound == Report.Wound.OPEN,
        "wound_red": wound == Report.Wound.RED,
    }
    return [code for code, is_so in found.items() if is_so]


def why_not_report(pain: int, temperature_c: Decimal | None, wound: str) -> Objection | None:
    if not 0 <= pain <= WORST_PAIN:
        return Objection("pain_out_of_range", _("Say how strong the pain is, from 0 to 10."))
    if temperature_c is not None and not BODY_C[0] <= temperature_c <= BODY_C[1]:
        return Objection("temperature_out_of_range", _("Write the temperature in degrees Celsius, such as 36.8."))
    if wound not in Report.Wound.values:
        return Objection("wound_unknown", _("Say how the wound looks."))
    return None


def why_not_answer_warning(text: str, *, is_open: bool) -> Objection | None:
    if not is_open:
        return Objection("no_open_warning", _("No warning waits for an answer."))
    if not text.strip():
        return Objection("text_needed", _("Write it down in a sentence or more."))
    return None


def why_not_finish(patient_says: str) -> Objection | None:
    if patient_says not in Ending.PatientSays.values:
        return Objection("outcome_needed", _("Say how the patient is, in their own view."))
    return None


def outcome_of(patient_says: str) -> str:
    """How the patient's own view counts among the outcomes of the hospital; as before is no success."""
    is_well = patient_says in {Ending.PatientSays.RECOVERED, Ending.PatientSays.BETTER}
    return "well" if is_well else "not_better"


def is_silent(last_heard: datetime, *, at: datetime) -> bool:
    """Whether the patient has not answered for so long that contact counts as lost."""
    return at - last_heard >= SILENCE
