"""Which parts of a journey's page stand open in which stage, and always to whom; the others are one line each."""

from clearpath.turns.panels import matters

MATTERS = {
    "inquiry": ("patient",),
    "intake": ("patient", "records", "consents"),
    "review": ("records", "medical", "offers", "hand-offs"),
    "decision": ("offers", "interests", "hand-offs"),
    "preparation": ("offers", "travel", "money", "hand-offs"),
    "treatment": ("travel", "medical", "admissions", "hand-offs"),
    "return": ("travel", "medical", "hand-offs"),
    "aftercare": ("aftercare", "hand-offs"),
    "ending": ("money", "hand-offs"),
    "closed": ("aftercare",),
    "doctor": ("patient", "records", "medical"),
    "second_doctor": ("patient", "records", "medical"),
    "home_doctor": ("records", "medical"),
}


def register() -> None:
    """Called once at start-up."""
    for when, keys in MATTERS.items():
        matters("journey", when, *keys)
