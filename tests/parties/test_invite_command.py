"""The first director of an installation gets in by a command."""

import pytest
from django.core.management import CommandError, call_command

from tenants.parties.models import Letter, Role, User
from tests import cast

pytestmark = pytest.mark.django_db


def test_the_first_director_gets_a_role_and_a_letter():
    hub = cast.hub()
    for _twice in range(2):
        call_command("invite", "Marieke@Example.nl", "Marieke Dijkstra", verbosity=0)
    assert cast.actor(User.objects.get(), hub).roles == {Role.DIRECTOR}
    assert Letter.objects.get().to_email == "marieke@example.nl"


@pytest.mark.parametrize(
    ("email", "name"), [("geen adres", "Marieke"), ("m@example.nl", "x" * 121), ("m@example.nl", " ")]
)
def test_what_cannot_be_kept_is_told(email, name):
    cast.hub()
    with pytest.raises(CommandError):
        call_command("invite", email, name, verbosity=0)
    assert not User.objects.exists()


@pytest.mark.parametrize("hubs", [[], ["locplus", "elders"]])
def test_which_hub_must_be_clear(hubs):
    for slug in hubs:
        cast.hub(slug)
    with pytest.raises(CommandError):
        call_command("invite", "m@example.nl", "M")
