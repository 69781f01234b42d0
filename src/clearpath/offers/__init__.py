"""Offers of providers, the patient's choice between them, and who earns what from whom.

Words: an *offer* is a provider's itemised price and plan for a journey; an *interest* is what one party earns from,
or owns in, another; a *disclosure* tells the patient every interest known at one moment.

Others call `queries` (offers_for, accepted_offer, admission_rows), `interests.also_earns` to name parties who earn
without a seat, `outcomes.note_outcome` to say what became of a treated patient, and the steps.
"""
