"""The network's question about a lead."""

from datetime import datetime

from clearpath.marketing.models import Lead
from clearpath.turns.hooks import question


@question("no_agency_brought_it")
def no_agency_brought_it(lead: Lead, at: datetime) -> bool:  # noqa: ARG001
    """Whether the lead came by no agency and still waits for somebody to answer.

    The default charter has no step by which a public page records a lead: who finds the network there signs in
    and takes `journeys.start`. A lead without an agency can come of an import, or of a charter that adds a step.
    """
    return lead.stage == "new" and lead.agency_id is None
