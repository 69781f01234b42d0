"""A small network with something of every kind and a journey in every stage, and the pages that each person finds."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from html.parser import HTMLParser

from django.conf import settings
from django.test import Client

from clearpath.charter.actor import Actor
from clearpath.charter.document import default_source
from clearpath.forums import during_steps
from clearpath.forums import steps as forums
from clearpath.marketing import steps as marketing
from clearpath.marketing.models import Campaign
from clearpath.parties.hats import hats_of
from clearpath.parties.middleware import SESSION_KEY
from clearpath.parties.models import Person
from clearpath.stewardship import steps as stewardship
from tests.factories import NOON, actor_at
from tests.stewardship.factories import make_proposal
from tests.stories import canaries
from tests.walk import walk_to

KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NO_PAGES = ("/static/", "/i18n/", "/style", "/accounts/logout", "/demo/")  # looked at elsewhere, or no page at all
HALFWAY = (
    "journeys.answer_inquiry", "journeys.open", "journeys.send_for_review", "records.give_opinion", "offers.present",
    "money.sign_contract", "travel.plan", "travel.confirm_arrival", "records.give_informed_consent",
    "records.discharge", "records.declare_fit_to_fly", "aftercare.finish", "",
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One page that somebody finds by following links from their desk."""

    who: str
    address: str
    shape: str  # the address without keys; pages of one shape differ by role, and journeys by stage


def make_whole_network() -> canaries.Network:
    """What the canaries' network has, and besides an advertisement, a forum, a proposal, and journeys halfway."""
    network = canaries.make_network()
    stewardship.found(default_source(), NOON - timedelta(days=200))
    made, actors = network.organisations, network.actors
    marketing.submit_creative(
        campaign_id=Campaign.objects.get().pk, title="Walk again", text="A guide at your side.",
        landing_page="https://walk.example", first_day=NOON.date(), last_day=NOON.date() + timedelta(days=90),
        by=actors["agency"],
    )  # fmt: skip
    guests = [forums.Invited(made["guide"].pk, "facilitator"), forums.Invited(made["hospital"].pk, "provider")]
    forum = forums.create(
        name="Gulf forum", country="AE", city="Dubai", begins_at=NOON, ends_at=NOON + timedelta(hours=3),
        invited=guests, by=actors["organizer"],
    )  # fmt: skip
    for name, role in (("guide", "facilitator"), ("hospital", "provider")):
        forums.register(forum, offers="Joints", wants="Guides", by=actor_at(made[name], role))
    a_forum_runs(network)
    make_proposal()
    for name in HALFWAY:
        walk = walk_to(name, facilitator=made["guide"], provider=made["hospital"], doctor=made["surgeon"])
        walk.look()
        actors[f"patient at {name or 'the end'}"] = walk.patient
    return network


def a_forum_runs(network: canaries.Network) -> None:
    """Another one, at which two have met and agreed on a next step."""
    made, actors = network.organisations, network.actors
    guests = {"guide": "facilitator", "hospital": "provider"}
    host, later = actors["organizer"], NOON + timedelta(minutes=5)
    forum = forums.create(
        name="Istanbul forum", country="TR", city="Istanbul", begins_at=NOON, ends_at=NOON + timedelta(hours=1),
        invited=[forums.Invited(made[name].pk, role) for name, role in guests.items()], by=host,
    )  # fmt: skip
    delegates = [
        forums.register(forum, offers="Joints", wants="Guides", by=actor_at(made[name], role))
        for name, role in guests.items()
    ]
    for (name, role), other in zip(guests.items(), reversed(delegates), strict=True):
        forums.answer_meeting(forum, other, answer="yes", by=actor_at(made[name], role))
    forums.publish_agendas(forum, by=host)
    forums.start(forum, by=host)
    during_steps.check_in(forum, delegates[0], by=replace(host, now=later))
    for name, role in guests.items():
        during_steps.rate(
            forum, forum.meetings.get(), worth_it=True, next_step="dated", what="Draft the contract",
            due_on=NOON.date() + timedelta(days=7), shares_contact=True,
            by=replace(actor_at(made[name], role), now=later),
        )  # fmt: skip


class Links(HTMLParser):
    """The addresses to which a page links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") or ""
        if tag == "a" and address.startswith("/"):
            self.found.append(address.partition("#")[0])


def signed_in(actor: Actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    hat = next((hat for hat in hats_of(person) if hat.role == actor.role), None)
    if hat is not None:
        session = client.session
        session[SESSION_KEY] = hat.key
        session.save()
    return client


def session_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def pages_of(who: str, actor: Actor, client: Client, known: set[str]) -> list[Seen]:
    """Every page of a shape not yet known that this person reaches by links, the desk first."""
    found, waiting, seen = [], ["/"], {"/"}
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)  # to its end, or the file behind it stays open
        if "text/html" not in answer.get("Content-Type", "") or answer.status_code != 200:
            continue
        shape = shape_of(address, actor, answer)
        if shape not in known:
            known.add(shape)
            found.append(Seen(who, address, shape))
        links = Links()
        links.feed(answer.content.decode())
        following = [each for each in links.found if each not in seen and not each.startswith(NO_PAGES)]
        waiting += [each for each in dict.fromkeys(following) if is_worth(each, actor, known)]
        seen.update(following)
    return found


def is_worth(address: str, actor: Actor, known: set[str]) -> bool:
    """A form is the same for everybody, so that it is opened once."""
    return "/do/" not in address or bare(address) not in known


def shape_of(address: str, actor: Actor, answer) -> str:
    if is_form(address):
        return bare(address)
    subject = (answer.context or {}).get("subject")
    return f"{actor.role} {bare(address)} {getattr(subject, 'stage', '')}"


def is_form(address: str) -> bool:
    return "/do/" in address or "/new/" in address


def bare(address: str) -> str:
    """Without keys; a step that every subject has is the same form on each kind."""
    return KEY.sub("*", re.sub(r".*(?=/do/turns\.)", "", address.partition("?")[0]))
