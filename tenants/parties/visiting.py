"""People who walk in: a party without an account, known by name and phone number."""

from spaces.models import Hub
from tenants.parties.models import Party, PartyKind

RATE_GROUP = "extern"


def welcome(hub: Hub, *, name: str, phone: str, email: str = "") -> Party:
    """The external party with this name and phone number; made when the hub does not know it yet. An e-mail address
    is added when it had none.

    Pays the prices of the rate group "extern". Raises RateGroup.DoesNotExist when the hub has none.
    """
    known = Party.objects.filter(hub=hub, kind=PartyKind.EXTERNAL, name__iexact=name, phone=phone).first()
    if known is not None:
        if email and not known.email:
            known.email = email
            known.save(update_fields=["email"])
        return known
    return Party.objects.create(
        hub=hub,
        kind=PartyKind.EXTERNAL,
        name=name,
        contact_name=name,
        phone=phone,
        email=email,
        rate_group=hub.rate_groups.get(code=RATE_GROUP),
    )
