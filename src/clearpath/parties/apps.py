from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What is told besides steps
WORDS = {
    "parties.tie_found": _("A tie was found that nobody had declared"),
    "parties.tie_declared": _("A tie was declared"),
    "parties.tie_ended": _("A tie ended"),
    "parties.evidence_ends_90": _("Evidence ends within 90 days"),
    "parties.evidence_ends_30": _("Evidence ends within 30 days"),
    "parties.evidence_ends_0": _("Evidence has ended"),
}


class PartiesConfig(AppConfig):
    name = "clearpath.parties"

    def ready(self) -> None:
        from clearpath.parties import forms, panels, queries, steps  # noqa: F401 - their decorators register
        from clearpath.parties.models import Evidence, Organisation, Tie
        from clearpath.turns import sight
        from clearpath.turns.hooks import hooks
        from clearpath.web import navigation, words

        hooks.works_at = queries.works_at
        hooks.why_not_act = queries.why_not_act
        hooks.works_somewhere = queries.works_somewhere
        hooks.why_not_seat = queries.why_not_seat
        hooks.verified_with = lambda role: [(party.id, party.name) for party in queries.verified_with(role)]
        hooks.questions["required_evidence_has_ended"] = queries.required_evidence_has_ended
        sight.register(
            Organisation,
            subject="pk",
            owners=("pk",),
            classes=dict.fromkeys(
                (
                    "name",
                    "country",
                    "city",
                    "register_number",
                    "time_zone",
                    "stage",
                    "opened_at",
                    "stage_since",
                ),
                "business",
            ),
        )
        sight.register(
            Evidence,
            subject="organisation_id",
            owners=("organisation_id",),
            classes=dict.fromkeys(
                ("role", "kind", "body", "number", "valid_from", "valid_to", "source", "checked_on"),
                "business",
            ),
        )
        sight.register(
            Tie,
            subject="first_id",
            owners=("first_id", "second_id"),
            classes=dict.fromkeys(("kind", "share_bps", "path", "found_at", "declared_at", "ended_at"), "business"),
        )
        words.register(WORDS)
        navigation.register("steward", _("Ownership"), "parties:ownership", "affiliate", 40)
        navigation.register("steward", _("Evidence"), "parties:evidence", "certificate", 41)
