"""Where each role may go: feature packages fill this at start-up, the shell shows it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from clearpath.web.roles import Words

EVERYBODY = "*"
Count = Callable[[HttpRequest], int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the navigation, before a request is known."""

    label: Words
    url_name: str
    icon: str
    order: int
    count: Count | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A place as shown: `count` is how many things wait there."""

    label: Words
    url: str
    icon: str
    current: bool
    count: int


_places: dict[str, dict[str, Entry]] = {}
_menu: dict[str, Entry] = {}
_bell: list[Entry] = []
_switch: list[Entry] = []


def register(role: str, label: Words, url_name: str, icon: str, order: int = 50, *, count: Count | None = None) -> None:
    """Add a place for a role (`*`: whoever is signed in). The first four by order are tabs on a phone."""
    _places.setdefault(role, {})[url_name] = Entry(label, url_name, icon, order, count)


def register_menu(label: Words, url_name: str, icon: str, order: int = 50) -> None:
    """Add a line to the menu under the reader's name."""
    _menu[url_name] = Entry(label, url_name, icon, order)


def register_bell(label: Words, url_name: str, count: Count) -> None:
    """Name the page behind the bell, and how many notices are unread."""
    _bell[:] = [Entry(label, url_name, "bell", 0, count)]


def register_switch(url_name: str) -> None:
    """Name the page that takes `hat` (a key) and `next` by POST when the reader changes roles."""
    _switch[:] = [Entry("", url_name, "", 0)]


def places_for(role: str, request: HttpRequest) -> list[Link]:
    entries = {**_places.get(EVERYBODY, {}), **_places.get(role, {})}
    return _links(entries.values(), request)


def menu_for(request: HttpRequest) -> list[Link]:
    return _links(_menu.values(), request)


def bell_for(request: HttpRequest) -> Link | None:
    return next(iter(_links(_bell, request)), None)


def switch_url() -> str:
    return next((_url_of(entry) for entry in _switch), "")


def _links(entries: Iterable[Entry], request: HttpRequest) -> list[Link]:
    """In order; the place whose address is the longest beginning of this one is the current place."""
    placed = [(entry, url) for entry in sorted(entries, key=_by_order) if (url := _url_of(entry))]
    here = max((url for _entry, url in placed if _is_within(request.path, url)), key=len, default="")
    return [
        Link(entry.label, url, entry.icon, url == here, entry.count(request) if entry.count else 0)
        for entry, url in placed
    ]


def _by_order(entry: Entry) -> tuple[int, str]:
    return entry.order, entry.url_name


def _is_within(path: str, url: str) -> bool:
    """`/offers` holds `/offers/7` and not `/offerings`; the start page holds only itself."""
    return path == url or (url != "/" and path.startswith(f"{url.rstrip('/')}/"))


def _url_of(entry: Entry) -> str:
    """A package may be left out of a network: its places are then not shown."""
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""
