"""Agencies find patients and never manage them: campaigns, advertisements, leads.

Words: a *brief* asks for patients, a *campaign* answers it; a *creative* is one advertisement, checked by a doctor
and approved by the client before it runs; a *lead* is a person who asked for help and agreed to be contacted. At
the hand-over the lead is the facilitator's, and the agency, which never sees a name again, keeps its token.
"""
