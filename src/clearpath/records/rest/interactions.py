"""What can be done with each type: one table for the router, the scopes and the CapabilityStatement."""

from typing import Literal

from clearpath.records.index.offered import BINARY, MADE, OFFERED

Interaction = Literal["read", "vread", "history-instance", "search-type", "create", "update"]
READING: frozenset[Interaction] = frozenset({"read", "vread", "history-instance", "search-type"})
WRITING: frozenset[Interaction] = frozenset({"create", "update"})
LETTERS: dict[Interaction, str] = {  # of the scope that each needs
    "read": "r", "vread": "r", "history-instance": "r", "search-type": "s", "create": "c", "update": "u",
}  # fmt: skip

# Who made a resource, and what the network's own Provenance says of it, nobody else writes.
ONLY_READ = frozenset({"Provenance"})

INTERACTIONS: dict[str, frozenset[Interaction]] = {
    **{name: READING if name in ONLY_READ else READING | WRITING for name in OFFERED},
    **dict.fromkeys(MADE, frozenset({"read", "search-type"})),
    BINARY: frozenset({"read"}),
}
OPERATIONS = {"Patient": ("summary",)}  # on one resource; `validate` is on every type that can be written
