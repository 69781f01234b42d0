"""The `clearpath` command."""

import os
import sys
import textwrap

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line, get_commands, load_command_class
from django.db import DatabaseError, connection


def main() -> None:
    """Run a management command; `clearpath help` lists them. A command that there is not ends with 2: used wrongly."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clearpath.config.settings")
    try:
        if sys.argv[1:] in ([], ["help"], ["--help"], ["-h"]):
            sys.stdout.write(overview())
        else:
            execute_from_command_line(["clearpath", *sys.argv[1:]])
    except ImproperlyConfigured as mistake:
        sys.stderr.write(f"clearpath: {mistake}\n")
        sys.exit(2)
    except DatabaseError as error:
        if _has_tables():
            raise
        sys.stderr.write(
            f"clearpath: There are no tables of Clearpath in {connection.settings_dict['NAME']} ({error}). Set"
            " CLEARPATH_HOME or CLEARPATH_DATABASE to where yours are, or make them: clearpath serve --prepare\n"
        )
        sys.exit(2)
    except SystemExit as ended:
        is_known = set(sys.argv[1:2]) <= {*get_commands(), "help"}
        sys.exit(2 if ended.code == 1 and not is_known else ended.code)


def overview() -> str:
    """Each command of our own with what it is for; then the names of those that come with Django and its packages."""
    django.setup()
    commands = get_commands()
    ours = sorted(name for name, package in commands.items() if package.startswith("clearpath."))
    says = {name: load_command_class(commands[name], name).help.partition(". ")[0].rstrip(".") for name in ours}
    lines = [f"  {name:<{max(map(len, ours))}}  {says[name]}" for name in ours]
    others = textwrap.fill(", ".join(sorted(commands.keys() - set(ours))), initial_indent="  ", subsequent_indent="  ")
    return "\n".join(["clearpath COMMAND --help says more of each.", "", *lines, "", "From Django:", others, ""])


def _has_tables() -> bool:
    try:
        return bool(connection.introspection.table_names())
    except DatabaseError:
        return False


if __name__ == "__main__":
    main()
