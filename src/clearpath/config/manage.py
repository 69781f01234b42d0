"""The `clearpath` command."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line, get_commands


def main() -> None:
    """Run a management command; `clearpath help` lists them. A command that there is not ends with 2: used wrongly."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clearpath.config.settings")
    try:
        execute_from_command_line(["clearpath", *sys.argv[1:]])
    except ImproperlyConfigured as mistake:
        sys.stderr.write(f"clearpath: {mistake}\n")
        sys.exit(2)
    except SystemExit as ended:
        is_known = set(sys.argv[1:2]) <= {*get_commands(), "help"}
        sys.exit(2 if ended.code == 1 and not is_known else ended.code)


if __name__ == "__main__":
    main()
