"""Programs of an organisation that read and write over FHIR."""

from django.db import models

from clearpath.core.identifiers import new_id
from clearpath.records.models.paths import PERSON


class Client(models.Model):
    """A program that acts for an organisation in one role, answered for by the person who registered it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    scopes = models.TextField()  # SMART v2, with spaces between them: the most that it may ever ask for
    secret_sha256 = models.CharField(max_length=64)  # of 256 random bits, which need no slow hash
    registered_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"

    @property
    def client_id(self) -> str:
        """As OAuth calls it."""
        return str(self.pk)


class Token(models.Model):
    """A permission that a client was given for a short time."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tokens")
    scopes = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)  # exclusive

    def __str__(self) -> str:
        return f"Token of {self.client_id}"
