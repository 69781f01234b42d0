"""`clearpath offers`: the directory of providers, and offers side by side."""

from clearpath.core.acts import Group


class Command(Group):
    help = "Compares offers, imports the directory. Exit 0 done, 1 the answer is no, 2 used wrongly."
    acts = "clearpath.offers.command_line"
