"""Sentences about links: why one could not be read, and the words of the page that opens one in a browser."""

from typing import Any

from django.utils.translation import gettext as _


def why_not_received(code: str) -> str:
    """What is wrong with somebody else's link, and what to do."""
    said = {
        "not_a_link": _("This is no health link. Copy all of it: it contains shlink:/ and many letters after it."),
        "link_too_long": _("This is too long for a health link. Copy only the link."),
        "link_version_unknown": _("This link is of a newer kind than we can read. Ask for the records as files."),
        "link_expired": _("This link has ended. Ask who gave it to you for a new one."),
        "link_ended": _("This link is not there any more. Ask who gave it to you for a new one."),
        "passcode_missing": _("This link needs a passcode. Ask who gave it to you."),
        "link_passcode_wrong": _("The passcode is wrong. After some wrong ones the link stops to work: ask first."),
        "link_asked_too_often": _("The link was opened too often. Wait some minutes and try again."),
        "link_unreachable": _("Nobody answers at the address of this link. Try again later, or ask for the files."),
        "link_too_slow": _("The address of this link answers too slowly. Try again later, or ask for the files."),
        "link_redirects": _("This link leads on to another address, which we do not follow. Ask for the files."),
        "link_address_not_allowed": _("We do not open the address of this link: it is not a public one with https."),
        "link_answers_with_an_error": _("The address of this link answers with an error. Ask for the files."),
        "manifest_malformed": _("What the link leads to cannot be read. Ask for the records as files."),
        "manifest_empty": _("The link leads to no file. Ask who gave it to you."),
        "file_not_encrypted": _("What the link leads to is not encrypted as health links are. Ask for the files."),
        "file_algorithm_unknown": _("The file is encrypted in a way that health links do not use. Ask for the files."),
        "file_key_wrong": _("The key of the link does not open the file. Copy the whole link again."),
        "file_too_large": _("The file is larger than 20 MB. Ask for it in parts."),
    }
    return said.get(code) or _("The link could not be read. Ask for the records as files.")


def viewer_words() -> dict[str, Any]:
    """What the page says that opens a link in a browser, in the reader's language."""
    return {
        "notALink": _("This is no health link. Open it from the QR code, or paste all of it."),
        "elsewhere": _("This link belongs to another network. Open it with an app for SMART Health Links."),
        "ended": _("This link is not there, or it has ended. Ask the patient for a new one."),
        "often": _("This link is opened too often. Wait a minute and try again."),
        "wrong": _("The passcode is wrong. Tries left:"),
        "broken": _("The records could not be opened. Ask the patient for a new link."),
        "unreachable": _("There is no connection. Try again."),
        "old": _("This browser is too old to decrypt the records. Take a newer one."),
        "patient": _("Patient"),
        "born": _("Born"),
        "sex": _("Sex"),
        "identifier": _("Identifiers"),
        "author": _("Written by"),
        "date": _("Date"),
        "unknown": _("Unknown"),
        "nothing": _("Nothing is said about this. That does not mean that there is none."),
        "entries": _("Single entries"),
        "documents": _("Documents"),
        "download": _("Download"),
        "other": _("Other entries"),
        "sentReceived": _("The patient and the doctors are told that it has arrived."),
        "sentQuestion": _("Your question is with the treating doctor."),
        "notSent": _("It could not be sent:"),
    }
