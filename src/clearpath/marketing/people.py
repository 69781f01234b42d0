"""Whether two leads are about the same person, without keeping a number or an address that could be read."""

from datetime import timedelta

import phonenumbers

from clearpath.trust import keys

KNOWN_FOR = timedelta(days=180)


def normalised_phone(text: str, country: str) -> str:
    """As E.164 (+9655551234); "" when it can be no telephone number. `country` is where it would be dialled."""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def normalised_email(text: str) -> str:
    """In small letters, without what stands around it."""
    return text.strip().casefold()


def phone_hash(text: str, country: str) -> str:
    number = normalised_phone(text, country)
    return keys.keyed_hash(_of_phone(number)) if number else ""


def email_hash(text: str) -> str:
    address = normalised_email(text)
    return keys.keyed_hash(_of_email(address)) if address else ""


def phone_hashes(text: str, country: str) -> list[str]:
    """One for each secret in use, to look for."""
    number = normalised_phone(text, country)
    return keys.keyed_hashes(_of_phone(number)) if number else []


def email_hashes(text: str) -> list[str]:
    address = normalised_email(text)
    return keys.keyed_hashes(_of_email(address)) if address else []


def _of_phone(number: str) -> str:
    return f"lead phone {number}"


def _of_email(address: str) -> str:
    return f"lead e-mail {address}"
