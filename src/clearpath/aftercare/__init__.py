"""How the patient is after the treatment: reports, warnings that a doctor answers, and the end.

Words: a *report* is the patient's answer to "how are you"; a *warning* is raised by the network when an answer needs
a doctor. Others call `queries` and the steps.
"""
