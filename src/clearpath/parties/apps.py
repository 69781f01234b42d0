from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "clearpath.parties"

    def ready(self) -> None:
        from clearpath.parties import forms, panels, queries, steps  # noqa: F401 - their decorators register
        from clearpath.parties.models import Evidence, Organisation
        from clearpath.turns import sight
        from clearpath.turns.hooks import hooks

        hooks.works_at = queries.works_at
        hooks.why_not_act = queries.why_not_act
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
