"""`clearpath marketing`: bring leads in, and say which channel brought what."""

from clearpath.core.acts import Group


class Command(Group):
    help = "Brings leads in from files, divides what was brought. Exit 0 done, 1 the answer is no, 2 used wrongly."
    acts = "clearpath.marketing.command_line"
