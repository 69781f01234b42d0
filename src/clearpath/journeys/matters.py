"""Which parts of a journey's page stand open when, and which stand beside a form; the others are one line each."""

from clearpath.turns.panels import beside, matters

MATTERS = {
    "inquiry": ("patient",),
    "intake": ("patient", "records", "papers", "consents"),
    "review": ("records", "papers", "medical", "asked", "questions", "offers", "hand-offs"),
    "decision": ("offers", "interests", "questions", "hand-offs"),
    "preparation": ("offers", "contract", "travel", "money", "hand-offs"),
    "treatment": ("travel", "medical", "admissions", "hand-offs"),
    "return": ("travel", "medical", "answers", "pack", "take-home", "links", "review", "hand-offs"),
    "aftercare": ("aftercare", "review", "answers", "pack", "take-home", "links", "hand-offs"),
    "ending": ("money", "hand-offs"),
    "closed": ("aftercare", "answers", "take-home", "links"),
    "doctor": ("patient", "records", "medical", "answers"),
    "second_doctor": ("patient", "records", "medical"),
    "home_doctor": ("records", "medical", "pack"),
}


BESIDE = {
    "records.give_opinion": ("patient", "records", "medical"),
    "records.give_second_opinion": ("patient", "records", "medical"),
    "records.advise_against": ("patient", "records", "medical"),
    "records.acknowledge": ("medical", "pack"),
    "records.ask_back": ("medical", "records"),
    "records.treat": ("patient", "medical"),
    "records.discharge": ("patient", "medical", "pack"),
    "records.hand_over_home": ("pack", "medical"),
    "offers.make": ("patient", "medical"),
    "offers.present": ("offers", "interests"),
    "offers.accept": ("offers", "interests"),
    "offers.accept_revision": ("offers", "interests"),
    "offers.answer_review": ("review",),
    "aftercare.answer_warning": ("aftercare", "medical"),
    "travel.plan": ("travel",),
}


def register() -> None:
    """Called once at start-up."""
    for step, keys in BESIDE.items():
        beside(step, *keys)
    for when, keys in MATTERS.items():
        matters("journey", when, *keys)
