"""A command's Django: on this folder's database, and nothing of it left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os
from econcierge.launch import django_here, postgres
before = dict(os.environ)
with django_here.django_ready():
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        print(cursor.fetchone()[0])
assert dict(os.environ) == before
"""


def test_the_database_of_the_folder_is_started_for_the_while_and_the_environment_given_back(tmp_path: Path) -> None:
    hidden = ("ECONCIERGE_", "DATABASE_", "DJANGO_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    environment["ECONCIERGE_DATA_DIR"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "econcierge_app"), done.stderr
