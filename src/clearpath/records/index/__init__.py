"""The FHIR resources inside received files, one by one, and by what they can be searched.

Derived from a record when it is added, in the same transaction; the record itself is never touched. Each resource is
sealed like its record. What it can be found by is kept as keyed hashes (see docs/decisions/0027): nothing clinical
stands in the clear but the days on which something happened.

Words: a *term* is one value that finds a resource (`Observation code 718-7`); *served* is a resource as clients get
it: every member as it was sent, but with our own id, version and references.

Others call `fill.index_record`, `fill.index_again` and read `offered.OFFERED`.
"""
