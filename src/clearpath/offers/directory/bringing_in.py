"""A file of any form, read for one provider: Excel, CSV, or a FHIR bundle."""

from uuid import UUID

from clearpath.offers.directory.reading import Reading, Repairs, Told, no_word, read_sheets
from clearpath.offers.directory.sheets import sheets_in
from clearpath.offers.directory.standing import keys_of


def read_any(content: bytes, provider_id: UUID, *, repairs: Repairs | None = None, tell: Told = no_word) -> Reading:
    """What a file holds; its rows may refer to what stands in the provider's directory. Raises Unreadable."""
    return read_sheets(
        sheets_in(content), stands=lambda kind: keys_of(provider_id, kind), repairs=repairs or {}, tell=tell
    )
