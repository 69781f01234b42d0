"""What is said about the personas of the demo network, marked for translation: the network itself stands in a file."""

from django.utils.translation import gettext_noop as _

ABOUTS = [
    _("Compares two offers and decides"),
    _("Goes home soon"),
    _("Has just begun"),
    _("Guides 24 patients, speaks Arabic"),
    _("Guides patients from Britain"),
    _("A hospital's own facilitator brand"),
    _("International desk"),
    _("Orthopaedic surgeon"),
    _("Surgeon, owns a part of Sunline Hospital"),
    _("Surgeon"),
    _("Runs campaigns; sees no patient"),
    _("Organises meetings between organisations"),
    _("Keeps the charter and verifies parties"),
]
