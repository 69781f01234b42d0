"""`$summary`: the patient's summary as an IPS document. `$validate`: what is wrong with a resource, kept nowhere."""

from django.utils.translation import gettext as _

from clearpath.core.outcomes import NotFound
from clearpath.journeys import queries as journeys
from clearpath.records.check import check
from clearpath.records.going_home import ips_of
from clearpath.records.reads import note_reads
from clearpath.records.rest import queries
from clearpath.records.rest.call import Call, Reply, reply_with
from clearpath.records.rest.issues import Problem, of_findings, outcome
from clearpath.records.rest.writing import resource_of
from clearpath.turns.sight import shown


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
    content = ips_of(journey, language=journey.language, at=actor.now, seen_by=actor)
    note_reads(actor, [journey.pk], "records.summary_by_program")
    return Reply(200, content)


def validate(call: Call, type_name: str) -> Reply:
    """Every defect of the body. Raises Problem (400)."""
    resource_of(call, type_name)
    return reply_with(outcome(*of_findings(check(call.body))))
