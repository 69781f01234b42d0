"""`clearpath records`: check, show, bring in and hand out health records."""

from clearpath.core.acts import Group


class Command(Group):
    help = "Checks, shows, imports and exports health records. Exit 0 done, 1 the answer is no, 2 used wrongly."
    acts = "clearpath.records.command_line"
