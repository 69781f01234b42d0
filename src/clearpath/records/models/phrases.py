"""A doctor's own ready words."""

from django.conf import settings
from django.db import models

from clearpath.core.identifiers import new_id
from clearpath.trust.fields import SealedTextField


class Phrase(models.Model):
    """A text that a doctor uses again and again: a draft of their own, which binds nobody and speaks of nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="phrases")
    text = SealedTextField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Phrase {self.pk}"
