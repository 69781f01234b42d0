"""The sentences of the default charter, named here so that they can be translated.

A network that writes its own charter is shown its own sentences as they stand.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SAYINGS = (
    _("The person who travels for care, or whom they appointed to act for them"),
    _("Independent guide: everything that is not medical, from first call to aftercare"),
    _("Hospital or clinic: accepts, offers, admits, treats, discharges"),
    _("Clinician responsible for the medical opinion, the plan and the treatment"),
    _("Digital marketing agency: finds patients for providers and facilitators, never manages them"),
    _("B2B organizer: brings organisations together; takes no part in a patient's journey"),
    _("Clinician with no tie to the first, asked for a second opinion"),
    _("Clinician at home: sends the patient's records, receives the aftercare plan"),
    _("Keeper of the network: verifies parties, keeps the charter, hears complaints; runs no journeys"),
    _("Clearpath itself: what follows by rule, without anybody's choice"),
    _("One patient's path from inquiry to aftercare"),
    _("A person who asked for help through an agency's campaign or a public page"),
    _("An agency's work for a provider or facilitator, under an agreement"),
    _("One advertisement of a campaign"),
    _("What two organisations owe each other"),
    _("A patient's complaint, during a journey or after it, heard by the steward"),
    _("A party on the network"),
    _("A B2B event and the meetings in it"),
    _("This file, as the network keeps it"),
    _("Nobody is treated without informed consent"),
    _("Nobody is treated after withdrawing consent to the use of their records"),
    _("Nobody is treated without a doctor's opinion"),
    _("Nobody is treated at a price they did not sign"),
    _("Nobody chooses before knowing who earns what from whom"),
    _("Nobody signs before knowing who earns what from whom"),
    _("No record leaves the patient without consent"),
    _("Nobody travels on an unpaid promise"),
    _("The last fee waits until the records are home"),
    _("Nobody is left without their records"),
    _("Nobody who leaves early is left without their records"),
    _("The patient can leave at any time"),
    _("No journey gets stuck"),
    _("No lead is forgotten"),
    _("Every campaign can end"),
    _("No medical claim runs unchecked by a doctor"),
    _("A client can stop an advertisement at any time"),
    _("No fee is signed before somebody found it lawful"),
    _("Either party can leave"),
    _("Every complaint comes to an end"),
    _("Every party can leave"),
    _("Every forum ends"),
    _("No charter is enacted with a broken promise"),
    _("Marketing never holds a patient's record"),
    _("Organizers never meet patients"),
    _("Doctors are asked for medicine and nothing else"),
    _("Guides give no medical advice"),
    _("Agencies market and are paid; they manage nobody"),
    _("Who finds patients does not also steer them"),
    _("Who judges complaints cannot be complained about"),
    _("Who verifies parties is not one of them"),
    _("A hospital's own facilitator brand is not an independent guide"),
    _("A doctor who owns the clinic earns from the advice to be treated there"),
    _("In-house marketing is advertising, and says so"),
    _("An organizer's own matches must not be favoured"),
)


def said(sentence: str) -> str:
    """A sentence of a charter in the reader's language, where it is one of the default charter's."""
    return gettext(sentence) if sentence else ""
