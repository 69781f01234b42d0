"""Leads that come in from files: what a file holds is read, each line judged in plain words, the good ones taken.

`sheets` reads tables and loses no line to the damage of another; `layouts` knows the columns of Meta, Google and our
own; `judging` makes of each line a person who agreed to be contacted, or says what is wrong; none of them knows the
database. `taking` has every good line recorded and handed over by the steps.
"""
