"""`clearpath agreements`: whether a fee is lawful there, and the table of rules that says so."""

from clearpath.core.acts import Group


class Command(Group):
    help = "Says whether fees are lawful, by a table of rules. Exit 0 done, 1 the answer is no, 2 used wrongly."
    acts = "clearpath.agreements.command_line"
