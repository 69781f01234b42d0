"""The charter as the network keeps it: versions, comments, votes, proof, and which one is in force.

Words: a *version* is one text of the charter, and a subject of the charter itself; a *voice* is what one
organisation says to a proposed version; the *quorum* is the charter's own rule of how many must agree.

Others call `steps.found` when a network begins; `turns` asks for the version in force through its hooks.
"""
