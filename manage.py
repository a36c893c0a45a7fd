#!/usr/bin/env python
"""Run a management command: `manage.py help` lists them."""

import os
import sys

FILE_COMMANDS = {
    "compute_cct",
    "verify_run",
}  # files in, files out: an outsider runs them without any service


def main() -> None:
    """Hand the command line to Django."""
    settings = "offline" if FILE_COMMANDS & set(sys.argv[1:3]) else "base"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"mediaplatform.settings.{settings}")
    from mediaplatform.infrastructure.ending import ended_by_python

    with ended_by_python():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
