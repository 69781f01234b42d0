"""Finds out whether a text keeps its promises, once for each text. May take a minute: for jobs only."""

from datetime import datetime

from clearpath.charter.document import read
from clearpath.charter.prove import prove
from clearpath.stewardship.models import CharterVersion, Proof


def find(version: CharterVersion, *, at: datetime) -> Proof:
    """The proof of this text, looked up or found now."""
    known = Proof.objects.filter(pk=version.sha256).first()
    if known is not None:
        return known
    proofs = prove(read(version.source, name=f"charter {version.version}"))
    says = [" > ".join((each.says, *each.counterexample)) for each in proofs]
    return Proof.objects.get_or_create(
        pk=version.sha256,
        defaults={"holds": all(each.holds for each in proofs), "says": says, "proved_at": at},
    )[0]
