"""What two organisations owe each other: terms in versions, fees with their type, and whether each is lawful.

Words: *terms* are one version of what an agreement says; a *fee* is what one party pays the other under them;
a *finding* is what the table of fee rules says of a fee, with its source and date. Unknown never means allowed:
a fee of which no rule is known waits for the steward, who rules on it and writes down why.

Others call `queries.fees_in_force` and `lawful.check`. It is help, not legal advice.
"""
