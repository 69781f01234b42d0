"""The contract between patient and hospital, made from the offer that was accepted.

Contents: Directive 2011/24/EU, article 4(2) (options, prices, authorisation, liability cover, complaints, records),
and what contracts of this trade must say (Medical Tourism Association with Squire Sanders, 2012; both read
2026-11-23). `parts` writes it once, when the patient chooses; `printed` makes a PDF of what was written.
"""
