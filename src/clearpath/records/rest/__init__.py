"""FHIR R4 over HTTP, under /fhir/R4/: programs of an organisation read and write what the charter lets its people.

A *call* is one request, alone or inside a bundle; a *reply* is what it gets. The router, the CapabilityStatement and
the checks of scopes come from one table (`interactions`), so that what is promised is what is done.

Nothing is decided here: what a client finds comes from `visible`, what it writes goes through the steps, and each
reading stands in the log of the journey. A scope narrows that and never widens it.
"""
