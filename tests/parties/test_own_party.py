"""What somebody may do for, and write about, the party they belong to."""

import pytest
from django.urls import reverse

from tenants.parties.models import Party, PartyKind, PartyState, Role
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "legal_form", "kept"),
    [
        (PartyKind.ORGANISATION, "eenmanszaak", False),
        (PartyKind.ORGANISATION, "", False),
        (PartyKind.SELF_EMPLOYED, "freelance", False),
        (PartyKind.SELF_EMPLOYED, "", False),
        (PartyKind.ORGANISATION, "stichting", True),
    ],
)
def test_an_old_vat_number_is_kept_only_for_who_cannot_have_a_bsn_in_it(client, kind, legal_form, kept):
    hub = cast.hub()
    party = cast.party(hub, kind=kind, legal_form=legal_form)
    user = cast.user()
    cast.membership(user, hub, Role.TENANT_MANAGER, party)
    client.force_login(user)
    answer = client.post(
        reverse("account-party"), {"email": "a@example.nl", "vat_id": "NL111222333B01", "vat_position": ""}
    )
    party.refresh_from_db()
    assert (answer.status_code, party.vat_id) == ((302, "NL111222333B01") if kept else (422, ""))
    assert b"111222333" not in answer.content


def test_somebody_acts_for_the_party_that_may_book():
    hub = cast.hub()
    user, _applied = cast.zzper(hub, "Eva", state=PartyState.APPLIED)
    active = cast.party(hub, "Al Bekend")
    cast.membership(user, hub, Role.ZZPER, active)
    actor = cast.actor(user, hub)
    assert actor.party == active
    assert set(actor.parties) == set(Party.objects.all())
