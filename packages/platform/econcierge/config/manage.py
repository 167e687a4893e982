"""Django's own commands: `python -m econcierge.config.manage migrate --database owner`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "econcierge.config.settings")
    execute_from_command_line(sys.argv)
