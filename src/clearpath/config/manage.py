"""The `clearpath` command."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run a management command; `clearpath help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clearpath.config.settings")
    try:
        execute_from_command_line(["clearpath", *sys.argv[1:]])
    except ImproperlyConfigured as mistake:
        sys.stderr.write(f"clearpath: {mistake}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
