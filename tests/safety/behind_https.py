"""What a desk answers whose TRESEN_BASE_URL is https: its settings are read once a process, so it gets its own, once a
run and on SQLite whatever the run is on: for the headers of an answer the database has no say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tests.cast import PASSWORD
from tests.instance import tables
from tests.once import once

SCRIPT = """
import json, sys
import django
from django.conf import settings
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES = {**settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from tests.cast import make_cast
cast = make_cast()
client = Client(headers={"Referer": "https://desk.example/sign-in/"})
told = {}
def note(name, answer):
    told[name] = {"status": answer.status_code, "headers": dict(answer.headers),
                  "cookies": {key: morsel.OutputString() for key, morsel in answer.cookies.items()},
                  "text": answer.content.decode(errors="replace")}
note("sign-in", client.get("/sign-in/", secure=True))
note("signed-in", client.post("/sign-in/", {"email": "ada@lindhafen.example", "password": sys.argv[1]}, secure=True))
note("desk", client.get("/me/", secure=True))
note("portal", Client().get("/", secure=True))
note("brand", Client().get(f"/brand/{cast.brand.pk}.css", secure=True))
print(json.dumps(told))
"""


@cache
def https_answers() -> dict[str, dict[str, Any]]:
    """By page: status, headers, set cookies (as sent), text."""
    found: dict[str, dict[str, Any]] = json.loads((once("https", _ask) / "answers.json").read_text())
    return found


def _ask(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    made = tables() / "data" / "tresen.sqlite3"
    if made.exists():  # else, in a run on PostgreSQL, the tables are made here
        shutil.copy(made, data)
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "TZ") if name in os.environ},
        "TRESEN_DATA": str(data),
        "TRESEN_BASE_URL": "https://desk.example",
        "TRESEN_SECRET_KEY": os.environ["TRESEN_SECRET_KEY"],
        "TRESEN_LOG": "ERROR",
        "DJANGO_SETTINGS_MODULE": "tresen.config.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, PASSWORD], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (folder / "answers.json").write_text(done.stdout.splitlines()[-1])
