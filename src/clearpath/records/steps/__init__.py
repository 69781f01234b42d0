"""The clinical steps of a journey, one function per step of the charter."""

from clearpath.records.steps.at_home import acknowledge, ask_back
from clearpath.records.steps.going_home import (
    declare_fit_to_fly,
    discharge,
    discharge_early,
    hand_over_home,
    readmit,
    record_death,
)
from clearpath.records.steps.links import share, stop_sharing, stop_when_closed
from clearpath.records.steps.opinions import (
    advise_against,
    ask_question,
    clear_for_travel,
    give_opinion,
    give_second_opinion,
    withdraw_advice,
)
from clearpath.records.steps.papers import add, request_missing
from clearpath.records.steps.treatment import (
    explain_treatment,
    give_informed_consent,
    treat,
    withdraw_informed_consent,
)

__all__ = [
    "acknowledge",
    "add",
    "advise_against",
    "ask_back",
    "ask_question",
    "clear_for_travel",
    "declare_fit_to_fly",
    "discharge",
    "discharge_early",
    "explain_treatment",
    "give_informed_consent",
    "give_opinion",
    "give_second_opinion",
    "hand_over_home",
    "readmit",
    "record_death",
    "request_missing",
    "share",
    "stop_sharing",
    "stop_when_closed",
    "treat",
    "withdraw_advice",
    "withdraw_informed_consent",
]
