"""Preparing an installation."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from tenants.parties.models import User


@pytest.mark.django_db
@override_settings(PLEIN_EMBEDDED=False)
def test_a_real_installation_gets_no_demonstration(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--demo"):
        call_command("prepare", demo=tmp_path / "logins.json")

    assert list(tmp_path.iterdir()) == []
    assert not User.objects.exists()
