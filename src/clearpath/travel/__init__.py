"""How the patient comes and goes: invitation letter, travel plan, arrival, the way home.

Others call `queries` (trip_for) and the steps.
"""
