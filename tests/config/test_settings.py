"""The settings of a real installation, read by a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.test_env import GOOD

TELL = """
import json
from config import settings
print(json.dumps([settings.SECURE_PROXY_SSL_HEADER, settings.MESSAGE_STORAGE, settings.PLEIN_EMBEDDED]))
"""


@pytest.mark.parametrize(("proxies", "believed"), [("0", None), ("1", ["HTTP_X_FORWARDED_PROTO", "https"])])
def test_only_a_proxy_of_ours_says_that_a_visitor_came_by_https(proxies: str, believed: object) -> None:
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("PLEIN_")}
    environ = quiet | GOOD | {"TRUSTED_PROXY_COUNT": proxies}

    told = subprocess.run(
        [sys.executable, "-c", TELL], env=environ, cwd=Path(__file__).resolve().parents[2],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    storage = "django.contrib.messages.storage.session.SessionStorage"
    assert json.loads(told.stdout) == [believed, storage, False]
