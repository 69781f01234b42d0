"""What facilitators answer."""

from django.db import models


class AnsweringDesk(models.Model):
    """What a facilitator says that it can answer: a setting of its own, which binds nobody."""

    organisation = models.OneToOneField(
        "parties.Organisation", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    languages = models.JSONField(default=list)  # BCP 47
    treatments = models.JSONField(default=list)  # words in which campaigns speak of treatments, in small letters

    def __str__(self) -> str:
        return f"Answering desk of {self.organisation_id}"
