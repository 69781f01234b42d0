"""The network that a scenario plays on: its parties, its clock, and the names of what was made on it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Model

from clearpath.charter.actor import Actor
from clearpath.charter.terms import NETWORK
from clearpath.config.scenarios.story import Organisation, Scenario, Who
from clearpath.parties import founding, hats, statements, ties
from clearpath.parties import steps as parties
from clearpath.parties.invitations import invite_person
from clearpath.parties.policies import REQUIRED_EVIDENCE
from clearpath.stewardship import steps as stewardship
from clearpath.turns import stand
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Lane, Seat
from clearpath.turns.subject import Subject

FOUNDED_BEFORE = timedelta(days=30)  # the parties are on the network before the story begins
EVIDENCE_LASTS = timedelta(days=3 * 365)


class UnplayableError(Exception):
    """A line asks for something that is not there when it is played: a mistake of the scenario, not an answer."""


class World:
    """Everything that a scenario can name, on the database in use."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.now: datetime = scenario.starts - FOUNDED_BEFORE
        self._people: dict[str, UUID] = {}
        self._organisations: dict[str, UUID] = {}
        self._things: dict[str, Model] = {}

    # Who

    def found(self) -> None:
        """Bring the parties on the network, by the steps by which anybody comes on it. Raises Refused."""
        by = Actor(role=NETWORK, now=self.now)
        for person in self.scenario.people.values():
            address = person.email or f"{person.key}@example.org"
            self._people[person.key] = invite_person(address, person.name, person.language, by).pk
        stewards = [each for each in self.scenario.organisations.values() if "steward" in each.roles]
        self._found_network(stewards[0])
        if self.scenario.charter_source:
            stewardship.found(self.scenario.charter_source, self.now)
        for organisation in self.scenario.organisations.values():
            if organisation not in stewards:
                self._bring(organisation)
        self.now = self.scenario.starts

    def _found_network(self, steward: Organisation) -> None:
        founded = founding.found_network(
            steward=steward.name, country=steward.country, person_id=self._people[steward.people[0]], at=self.now
        )
        self._organisations[steward.key] = founded.pk
        self._add_people(founded, steward, ("steward",))

    def _bring(self, organisation: Organisation) -> None:
        person = self._people[organisation.people[0]]
        made = parties.apply(
            name=organisation.name,
            country=organisation.country,
            roles=organisation.roles,
            city=organisation.city,
            register_number=organisation.register_number,
            time_zone=organisation.time_zone,
            by=Actor(role=organisation.roles[0], now=self.now, person_id=person),
        )
        self._organisations[organisation.key] = made.pk
        self._add_people(made, organisation, organisation.roles)
        for role in organisation.roles:
            self._show_evidence(made, organisation, role)
        if organisation.verified:
            parties.verify(made, by=self.steward())

    def _add_people(self, made: Any, organisation: Organisation, roles: Iterable[str]) -> None:
        for key in organisation.people:
            person = person_of(self._people[key])
            for role in roles:
                founding.add_member(made, person, role, at=self.now)

    def _show_evidence(self, made: Any, organisation: Organisation, role: str) -> None:
        today = self.now.date()
        for kind in REQUIRED_EVIDENCE.get(role, ()):
            parties.add_evidence(
                made,
                role=role,
                kind=kind,
                body=f"Registry of {organisation.country}",
                number=f"{organisation.key}-{role}",
                valid_from=today - timedelta(days=365),
                valid_to=organisation.evidence_until or today + EVIDENCE_LASTS,
                by=self.actor(Who(organisation.people[0], role, organisation.key)),
            )

    def steward(self) -> Actor:
        """Somebody of the steward's."""
        key, organisation = next(
            (key, each) for key, each in self.scenario.organisations.items() if "steward" in each.roles
        )
        return self.actor(Who(organisation.people[0], "steward", key))

    def actor(self, who: Who) -> Actor:
        """Who acts, as a page would build it for this person in this role, at this moment."""
        if who.role == NETWORK:
            return Actor(role=NETWORK, now=self.now)
        hat = hats.Hat(
            who.role,
            organisation_id=self._organisations.get(who.organisation) if who.organisation else None,
            for_person_id=self._people[who.acts_for] if who.acts_for else None,
        )
        return hats.actor_of(person_of(self._people[who.person]), hat, now=self.now)

    # What

    def key(self, name: str) -> UUID:
        """The key of a party, of something made, or of the only subject of a kind."""
        for known in (self._organisations, self._people):
            if name in known:
                return known[name]
        return cast(UUID, self.thing(name).pk)

    def is_party(self, name: str) -> bool:
        return name in self._organisations or name in self._people

    def name_of(self, party: str) -> str:
        """What people call a party."""
        known = self.scenario.organisations.get(party) or self.scenario.people[party]
        return known.name

    def knows(self, name: str) -> bool:
        """Whether this is the name of a party or of something that was made."""
        return self.is_party(name) or name in self._things

    def thing(self, name: str) -> Model:
        """Something that can be named, read now. Raises UnplayableError when it was never made."""
        if name in self._organisations:
            return hooks.models["organisation"]._default_manager.get(pk=self._organisations[name])
        if name in self._people:
            return cast(Model, person_of(self._people[name]))
        if name in self._things:
            made = type(self._things[name])._default_manager.filter(pk=self._things[name].pk).first()
            if made is None:
                raise UnplayableError(f"`{name}` is no longer there.")
            return made
        return self._only(name)

    def subject(self, name: str) -> Subject:
        """A subject by its name, or the only one of a kind. Raises UnplayableError."""
        found: Model = self.thing(name)
        if not isinstance(found, Subject):
            raise UnplayableError(f"`{name}` is no subject: no step is taken on it.")
        return stand.fresh(found)

    def _only(self, kind: str) -> Model:
        """The only subject of a kind; organisations have names of their own."""
        found = list(hooks.models[kind]._default_manager.order_by("pk")[:2]) if kind in hooks.models else []
        if len(found) != 1:
            how_many = "no" if not found else "more than one"
            raise UnplayableError(f"There is {how_many} `{kind}` at this point; say which with a name.")
        return found[0]

    def lane(self, subject: Subject, name: str) -> Lane:
        """The lane that has this name, or on which this organisation was asked. Raises UnplayableError."""
        if name in self._organisations:
            seats = Seat.objects.filter(
                subject_id=subject.pk, organisation_id=self._organisations[name], lane__isnull=False
            )
            seat = seats.select_related("lane").order_by("-pk").first()
            if seat is not None and seat.lane is not None:
                return seat.lane
        elif isinstance(self._things.get(name), Lane):
            return cast(Lane, self.thing(name))
        raise UnplayableError(f"`{name}` has no lane here.")

    def publish(self, statements_of_ownership: bytes) -> None:
        """Import ownership statements, as `clearpath parties import-ownership` does. Raises UnplayableError."""
        kept = statements.keep(statements_of_ownership, at=self.now, all_or_nothing=True)
        refused = [problem for problem in kept.problems if not problem.kept]
        if refused or not kept.read:
            raise UnplayableError(f"the statements cannot be imported: {refused[0] if refused else 'there are none'}")
        ties.refresh_ties(self.now)

    def remember(self, names: tuple[str, ...], made: Any) -> None:
        """Call what a step made by these names; several names for what came as a list. Raises UnplayableError."""
        things = list(made) if isinstance(made, list | tuple) else [made]
        if names and (len(names) != len(things) or not all(isinstance(each, Model) for each in things)):
            raise UnplayableError(f"The step made {len(things)} things, not {len(names)} that could be named.")
        if names:
            self._things.update(zip(names, things, strict=True))


def person_of(key: UUID) -> Any:
    """The person of this key."""
    return get_user_model()._default_manager.get(pk=key)
