"""People and organisations: who they are, which roles they hold, what evidence they show, and who owns whom.

A *membership* is a person working for an organisation; *evidence* a licence, registration, accreditation or
insurance. *Ownership statements* are kept as received; from them the network finds *ties* between organisations
(`ties`), and from the charter's share on two are *connected* and count as one.

Others call `queries`, `steps`, `policies`, `founding` (how a network begins), `statements.keep` (ownership
statements from elsewhere) and `ties.refresh_ties`.
"""
