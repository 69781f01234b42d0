"""How the patient comes and goes: invitation letter, travel plan, arrival, the way home.

Others call `queries` (travel_rows_for) and the steps.
"""
