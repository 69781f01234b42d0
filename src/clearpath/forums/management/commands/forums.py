"""`clearpath forums`: plan the meetings of a forum."""

from clearpath.core.acts import Group


class Command(Group):
    help = "Plans the meetings of a forum. Exit 0 done, 1 the answer is no, 2 used wrongly."
    acts = "clearpath.forums.command_line"
