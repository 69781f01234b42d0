"""The `clearpath` command."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run a management command; `clearpath help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clearpath.config.settings")
    execute_from_command_line(["clearpath", *sys.argv[1:]])


if __name__ == "__main__":
    main()
