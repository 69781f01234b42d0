"""One picture for a doctor of what one or many FHIR R4 records say, in the words of their senders.

Words: a *source* is a record as it came; a *fact* is one thing that one entry of it says; a *line* is everything that
is told of one thing, a *statement* one way of telling it, with each entry that says so. What nobody told is unknown,
and unknown is never told as none. Contradictions are shown and never resolved.

Plain Python; others call `summary_of` and read `Summary`.
"""

from clearpath.records.summary.facts import Fact, Facts, facts_of
from clearpath.records.summary.merging import Line, Origin, Ref, Section, Source, Statement, Summary, merged, summary_of

__all__ = [
    "Fact",
    "Facts",
    "Line",
    "Origin",
    "Ref",
    "Section",
    "Source",
    "Statement",
    "Summary",
    "facts_of",
    "merged",
    "summary_of",
]
