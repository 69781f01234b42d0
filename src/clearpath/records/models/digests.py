"""What was read out of a record, kept so that a page need not read the whole record again."""

from django.db import models

from clearpath.records.models.received import Record


class Digest(models.Model):
    """The facts of one record, derived from its bytes and sealed like them; thrown away and made anew at will."""

    record = models.OneToOneField(Record, on_delete=models.CASCADE, primary_key=True, related_name="digest")
    version = models.PositiveSmallIntegerField()  # of the way of reading; an older one is made anew
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"Digest {self.pk}"
