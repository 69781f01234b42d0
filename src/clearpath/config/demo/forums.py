"""The demo's forums: one of some months ago, from its founding to what became of it, and the next one."""

from datetime import datetime, timedelta
from importlib import resources
from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml

from clearpath.agreements import steps as agreements
from clearpath.agreements.drafting import clauses_for
from clearpath.forums import during_steps as during
from clearpath.forums import steps as forums
from clearpath.forums.delegate_forms import judged_for
from clearpath.forums.during_policies import is_rated_until
from clearpath.turns.network import look_at

if TYPE_CHECKING:
    from clearpath.config.demo.load import Network

DAYS_AGO = 100  # before the journeys of the demo begin, so that those are what became of it
OPENS_AT = 5  # o'clock UTC: nine in Abu Dhabi
LASTS, SLOT, TABLES = timedelta(hours=4), 20, 4
GUESTS = b"""organisation,trade,person,email,offers,wants,wishes
Nile Health Tours,facilitator,Laila Mansour,laila@nile-health.example,patients,ophthalmology,Aegean Eye Clinic
Aegean Eye Clinic,provider,Deniz Aksoy,deniz@aegean-eye.example,ophthalmology,patients,Nile Health Tours
"""  # who is not on the network


def last_forum(network: "Network") -> UUID:
    """Take every step of it at its time; the key of the forum."""
    told = yaml.safe_load(resources.files("clearpath.config.demo").joinpath("last_forum.yaml").read_text())
    begins_at = (network.now - timedelta(days=DAYS_AGO)).replace(hour=OPENS_AT, minute=0, second=0, microsecond=0)
    forum = _set_up(network, told, begins_at)
    delegates = _come(network, forum, told, begins_at - timedelta(days=20))
    organizer = network.actor("meridian", begins_at - timedelta(days=7))
    forums.publish_agendas(forum, by=organizer)
    forums.start(forum, by=network.actor("meridian", begins_at))
    for name, delegate in delegates.items():
        if name not in told["absent"]:
            during.check_in(forum, delegate, by=network.actor("meridian", begins_at))
    meetings = {
        frozenset((each.first_id, each.second_id)): each for each in forum.meetings.filter(begins_at__isnull=False)
    }
    for each in told["said"]:
        meeting = meetings.get(frozenset(delegates[name].pk for name in each["pair"]))
        if meeting is not None:
            _rate(network, forum, meeting, each)
    ends_at = begins_at + LASTS
    for name in told["absent"]:
        for pair, meeting in meetings.items():
            if delegates[name].pk in pair:
                during.record_meeting(
                    forum, meeting, state="missed", absent=delegates[name], by=network.actor("meridian", ends_at)
                )
    forums.finish(forum, by=network.actor("meridian", ends_at))
    for each in told["agreed"]:
        _agree(network, each, ends_at + timedelta(days=each["after"]))
    look_at(forum.pk, at=is_rated_until(ends_at))
    return UUID(str(forum.pk))


def _set_up(network: "Network", told: dict[str, Any], begins_at: datetime) -> Any:
    return forums.create(
        name=f"Gulf Care Forum {begins_at.year}",
        country="AE",
        city="Abu Dhabi",
        begins_at=begins_at,
        ends_at=begins_at + LASTS,
        invited=[forums.Invited(network.who[name][0], network.roles[name]) for name in told["came"]],
        time_zone="Asia/Dubai",
        slot_minutes=SLOT,
        tables=TABLES,
        acceptance="automatic",
        by=network.actor("meridian", begins_at - timedelta(days=60)),
    )


def _come(network: "Network", forum: Any, told: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Everybody registers and says whom they wish to meet."""
    delegates = {}
    for name, row in told["came"].items():
        said = {key: row[key] for key in ("offers", "wants", "languages", "countries")}
        delegates[name] = forums.register(forum, **said, by=network.actor(name, at))
    for name, row in told["came"].items():
        ranks = {delegates[other].pk: rank for rank, other in enumerate(row["wishes"], start=1)}
        forums.wish(forum, ranks=ranks, least=1, by=network.actor(name, at))
    return delegates


def _rate(network: "Network", forum: Any, meeting: Any, said: dict[str, Any]) -> None:
    """Both say in private how it was; what both want to do next, they do, or give up."""
    at = meeting.begins_at + timedelta(minutes=SLOT)
    due_on = (at + timedelta(days=said["by"])).date() if "by" in said else None
    for name, worth in zip(said["pair"], said["worth"], strict=True):
        during.rate(
            forum, meeting, worth_it=worth, next_step="dated" if due_on else "none", what=said.get("what", ""),
            due_on=due_on, by=network.actor(name, at),
        )  # fmt: skip
    if due_on is None:
        return
    next_step = meeting.next_step
    by_key = {network.who[name][0]: network.actor(name, at + timedelta(days=said["by"] - 1)) for name in said["pair"]}
    if said["done"]:
        during.do_first(next_step, by=by_key[next_step.first_id])
        during.do_second(next_step, by=by_key[next_step.second_id])
        look_at(next_step.pk, at=at + timedelta(days=said["by"] - 1))
    else:
        during.drop_next_step(next_step, reason="The patient chose to wait.", by=by_key[next_step.first_id])


def _agree(network: "Network", said: dict[str, Any], at: datetime) -> None:
    """Two that met sign an agreement without fees."""
    guide, hospital = said["pair"]
    first, second = (network.actor(name, at) for name in (guide, hospital))
    agreement = agreements.draft(
        title=said["title"], second_id=network.who[hospital][0], second_role="provider", by=first
    )
    clauses = clauses_for("facilitator", "provider").as_fields() | {"governing_law": "CH"}
    agreements.propose_terms(agreement, fees=[], by=first, **clauses)
    look_at(agreement.pk, at=at)
    agreements.sign_first(agreement, by=first)
    agreements.sign_second(agreement, by=second)


def next_forum(network: "Network", at: datetime, *, follows: UUID) -> None:
    """A forum whose agendas are out."""
    organizer = network.actor("meridian", at)
    begins_at = (network.now + timedelta(days=30)).replace(hour=OPENS_AT, minute=0, second=0, microsecond=0)
    invited = [
        forums.Invited(network.who[name][0], network.roles[name])
        for name in ("compass", "wayfarer", "bosphorus", "hanok", "brightpath")
    ]
    forum = forums.create(
        name="Gulf Care Forum",
        country="AE",
        city="Abu Dhabi",
        begins_at=begins_at,
        ends_at=begins_at + timedelta(hours=8),
        invited=invited,
        time_zone="Asia/Dubai",
        tables=3,
        follows=follows,
        by=organizer,
    )
    delegates = {
        name: forums.register(forum, offers=offers, wants=wants, by=network.actor(name, at))
        for name, offers, wants in (
            ("compass", "Patients from Kuwait, interpreting", "Joints: 220, hospitals that answer within a day"),
            ("bosphorus", "Joints: 400, hearts: 150, interpreting", "Guides from the Gulf"),
            ("hanok", "Joints: 150, without long stays", "Guides from the Gulf"),
        )
    }
    forums.answer_meeting(forum, delegates["bosphorus"], answer="yes", by=network.actor("compass", at))
    forums.answer_meeting(forum, delegates["compass"], answer="yes", by=network.actor("bosphorus", at))
    forums.answer_meeting(forum, delegates["compass"], answer="yes", by=network.actor("hanok", at))
    forums.import_delegates(forum, judged_for(forum, GUESTS).delegates, by=organizer)
    forums.publish_agendas(forum, by=organizer)
