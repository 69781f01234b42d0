"""What a landing page says: who advertises for whom, what for, and that a person answers."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language_from_request, get_language_info
from django.utils.translation import gettext as _

from clearpath.marketing.models import TrackedLink
from clearpath.parties import queries as parties


@dataclass(frozen=True, slots=True)
class LandingRow:
    """One page, in one language."""

    title: str
    text: str
    who: str  # in a sentence
    connected: str  # in a sentence, "" when they are not
    language: str
    is_rtl: bool
    languages: list[tuple[str, str]]  # code and own name of the others
    own_language: str  # in which title and text are written; "" where it is not known
    picture_key: str  # "" when there is none
    picture_alt: str


def languages_of(link: TrackedLink) -> list[str]:
    """In which the page is served: the advertisement's first, then the campaign's others; all, if there are none."""
    ours = [code for code, _name in settings.LANGUAGES]
    own = _spoken(link.creative.languages if link.creative else [])
    return list(dict.fromkeys([*own, *_spoken(link.campaign.languages)])) or ours


def _spoken(wanted: list[str]) -> list[str]:
    """Those of these languages that Clearpath speaks."""
    plain = {code.partition("-")[0].lower() for code in wanted}
    return [code for code, _name in settings.LANGUAGES if code in plain]


def language_for(link: TrackedLink, request: Any) -> str:
    """The one asked for in the address, else what the reader's browser prefers, else the first.

    An advertisement in one language is not put into the frame of another unless somebody asks for it.
    """
    served = languages_of(link)
    asked = request.GET.get("lang", "")
    if asked in served:
        return str(asked)
    own = _spoken(link.creative.languages if link.creative else []) or served
    told = get_language_from_request(request)
    return told if told in own else own[0]


def landing_row(link: TrackedLink, language: str) -> LandingRow:
    """To be called while `language` is active."""
    campaign, creative = link.campaign, link.creative
    return LandingRow(
        title=creative.title if creative else campaign.services.partition("\n")[0],
        text=creative.text if creative else campaign.services.partition("\n")[2].strip(),
        who=_who(link),
        connected=_connected(link),
        language=language,
        is_rtl=bool(get_language_info(language)["bidi"]),
        languages=[(code, get_language_info(code)["name_local"]) for code in languages_of(link) if code != language],
        own_language=_own_language(link),
        picture_key=creative.picture_key if creative else "",
        picture_alt=creative.picture_alt if creative else "",
    )


def _own_language(link: TrackedLink) -> str:
    told: list[str] = (link.creative.languages if link.creative else []) or link.campaign.languages
    return told[0] if len(told) == 1 else ""


def _who(link: TrackedLink) -> str:
    client, agency = link.campaign.client, link.campaign.agency
    if agency is None or agency.pk == client.pk:
        return _("Advertisement. %(client)s advertises here for itself.") % {"client": client.name}
    return _("Advertisement. %(agency)s advertises here for %(client)s, who pays for it.") % {
        "agency": agency.name,
        "client": client.name,
    }


def _connected(link: TrackedLink) -> str:
    """Any tie by ownership or control, however small, is said."""
    client, agency = link.campaign.client, link.campaign.agency
    if agency is None or client.pk not in parties.connected_to(agency.pk, at_share=0.0):
        return ""
    said = _("%(agency)s and %(client)s are connected: one owns or controls part of the other, or both have one owner.")
    return said % {"agency": agency.name, "client": client.name}


@lru_cache(maxsize=8)
def countries_in(language: str) -> list[tuple[str, str]]:
    """Every country by its name in a language, by name. Source: CLDR, as phonenumbers ships it."""
    from phonenumbers.geodata.locale import LOCALE_DATA  # large: read when the first page is served

    return sorted(
        ((code, _name_of(names, language)) for code, names in LOCALE_DATA.items()), key=lambda each: each[1].casefold()
    )


def _name_of(names: dict[str, str], language: str) -> str:
    """`*en` in the data stands for the name in another language."""
    found = names.get(language) or names.get("en", "")
    return names.get(found[1:], "") if found.startswith("*") else found
