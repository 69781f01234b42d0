"""What the pages of campaigns, advertisements and leads show."""

from typing import cast

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.marketing import answer_times, linking, mark_rows, results, rows
from clearpath.marketing.models import Campaign, Creative, Dispute, Lead
from clearpath.marketing.people import KNOWN_FOR
from clearpath.turns.panels import Panel, panel
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject


@panel("campaign", order=10)
def brief(actor: Actor, subject: Subject) -> Panel | None:
    """What is asked for, and what the agency answers."""
    row = rows.campaign_row_for(actor, cast(Campaign, subject))
    if row is None:
        return None
    is_client = (actor.role, actor.organisation_id) == (row.client_role, cast(Campaign, subject).client_id)
    context = {"row": row, "brief_of": subject.pk if is_client else None}
    return Panel(_("The campaign"), "marketing/_campaign.html", context, "speakerphone", "campaign")


@panel("campaign", order=20)
def creatives(actor: Actor, subject: Subject) -> Panel | None:
    """The advertisements of the campaign."""
    found = rows.creative_rows_of(actor, cast(Campaign, subject))
    if not found:
        return None
    return Panel(_("Advertisements"), "marketing/_creatives.html", {"rows": found}, "photo", "creatives")


@panel("campaign", order=30)
def leads(actor: Actor, subject: Subject) -> Panel | None:
    """For the agency its tokens, for the client how many came; nobody's name for either."""
    campaign = cast(Campaign, subject)
    figures, total = rows.figures_for_client(actor, campaign)
    tokens = rows.lead_rows_of(actor, campaign) if actor.role == "agency" else []
    if actor.role != "agency" and actor.organisation_id != campaign.client_id:
        return None
    is_agency = actor.role == "agency" and campaign.agency_id == actor.organisation_id
    context = {
        "rows": tokens,
        "figures": figures,
        "total": total,
        "is_agency": actor.role == "agency",
        "became": results.released_of(campaign, results.Stage.JOURNEY) if is_agency else None,
        "elsewhere": answer_times.known_elsewhere(campaign) if is_agency else None,
        "days": KNOWN_FOR.days,
        "campaign": campaign,
    }
    return Panel(_("Leads"), "marketing/_leads.html", context, "users", "leads")


@panel("campaign", order=35)
def disputes(actor: Actor, subject: Subject) -> Panel | None:
    """What the agency holds to be wrong, and the answers; newest first."""
    found = visible(Dispute, to=actor).filter(campaign_id=subject.pk).order_by("-raised_at", "-pk")
    seen = [shown(each, to=actor) for each in found]
    if not seen:
        return None
    about = dict(Dispute.About.choices)
    context = {"rows": [(row, about[row.about]) for row in seen]}
    return Panel(_("Disputes"), "marketing/_disputes.html", context, "scale", "disputes")


@panel("campaign", order=40)
def links(actor: Actor, subject: Subject) -> Panel | None:
    """The agency's tracked links."""
    campaign = cast(Campaign, subject)
    if actor.role != "agency" or campaign.agency_id != actor.organisation_id or campaign.stage != "running":
        return None
    context = {"rows": linking.link_rows_of(actor, campaign.pk), "campaign": campaign}
    return Panel(_("Links"), "marketing/_links.html", context, "link", "links")


@panel("creative", order=10)
def advertisement(actor: Actor, subject: Subject) -> Panel | None:
    """The advertisement as people see it, and what was found about it."""
    row = rows.creative_row_for(actor, cast(Creative, subject))
    if row is None:
        return None
    return Panel(_("The advertisement"), "marketing/_creative.html", {"row": row}, "photo", "creative")


@panel("creative", order=20)
def marks(actor: Actor, subject: Subject) -> Panel | None:
    """What a person must look at in the advertisement, the rules, and who answered what."""
    found = mark_rows.mark_rows_for(actor, cast(Creative, subject))
    if found is None:
        return None
    return Panel(_("What stands out"), "marketing/_marks.html", {"rows": found}, "alert-circle", "marks")


@panel("lead", order=10)
def lead(actor: Actor, subject: Subject) -> Panel | None:
    """Who asks, for the facilitator; where the lead came from, for who brought it."""
    row = rows.lead_row_for(actor, cast(Lead, subject))
    if row is None:
        return None
    return Panel(_("The lead"), "marketing/_lead.html", {"row": row}, "user-plus", "lead")
