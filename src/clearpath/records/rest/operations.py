"""`$summary`: the patient's summary as an IPS document. `$validate`: what is wrong with a resource, kept nowhere."""

import importlib
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound
from clearpath.journeys import queries as journeys
from clearpath.records.check import check
from clearpath.records.reads import note_reads
from clearpath.records.rest import queries
from clearpath.records.rest.call import Call, Reply, reply_with
from clearpath.records.rest.issues import Problem, of_findings, outcome
from clearpath.records.rest.writing import resource_of
from clearpath.turns.sight import shown

MAKES_SUMMARIES = "clearpath.records.going_home"


def summary(call: Call, key: str) -> Reply:
    """Everything clinical of one journey as one document. Source: HL7 IPS 2.0.0, OperationDefinition `summary`.

    It holds resources of many types, so that it needs the scope to read every type, unlimited. Raises NotFound.
    """
    if call.access.allows("*", "r") != frozenset():
        raise Problem(
            403, "forbidden", _("The summary holds everything: it needs the scope %(scope)s.") % {"scope": "system/*.r"}
        )
    actor = call.access.actor
    journey_id = queries.as_key(key)
    journey = journeys.journey_for(actor, journey_id) if journey_id else None
    if journey is None or "procedure" in shown(journey, to=actor).hidden:
        raise NotFound(queries.no_such())
    content = _made(actor, journey) or queries.newest_summary(actor, journey.pk)
    if content is None:
        raise Problem(404, "not-found", _("There is nothing yet to summarise."))
    note_reads(actor, [journey.pk], "records.summary_by_program")
    return Reply(200, content)


def _made(actor: Actor, journey: Any) -> bytes | None:
    if find_spec(MAKES_SUMMARIES) is None:
        return None
    module: Any = importlib.import_module(MAKES_SUMMARIES)
    made: bytes = module.ips_of(journey, language=journey.language, at=actor.now)
    return made


def validate(call: Call, type_name: str) -> Reply:
    """Every defect of the body. Raises Problem (400)."""
    resource_of(call, type_name)
    try:
        return reply_with(outcome(*of_findings(check(call.body))))
    except NotImplementedError:
        raise Problem(501, "not-supported", _("Nothing is checked here yet.")) from None
