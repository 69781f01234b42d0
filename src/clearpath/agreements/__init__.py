"""What two organisations owe each other: terms in versions, fees with their type, and whether each is lawful.

Words: *terms* are one version of what an agreement says; a *fee* is what one party pays the other under them;
a *finding* is what the table of fee rules says of a fee, with its source and date. Unknown never means allowed:
a fee of which no rule is known waits for the steward, who rules on it and writes down why.

A rule that changes later *reopens* the signed agreements it touches. Others call `queries` (fee_answers, fees_in_force,
fees_touching, why_not_offer_on, why_not_pay) and `lawful.check`. It is help, not legal advice.
"""
