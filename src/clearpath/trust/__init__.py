"""What others may rely on: the append-only log of who did and who read what, and encryption at rest.

An *entry* is one line of the log: it holds keys and a salted digest, never content, so that what must be
erased can be. Entries form one *chain* per subject; `fold` gathers the committed entries of all chains into
one Merkle tree, whose signed *heads* can be kept elsewhere. A sealed document can be opened as long as its
key is kept.

Others call `log` (append, entries_of, entries_about, reads_of, verify), `vault` (seal, open_sealed, open_all, erase),
`fields.SealedTextField` and `keys.keyed_hash`.
"""
