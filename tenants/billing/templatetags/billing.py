"""{% load billing %}: the words of an invoice on a page, the same as on its paper."""

from django import template
from django.template import Context

from tenants.billing import einvoice, stripe, typesetting
from tenants.billing.models import Invoice, InvoiceLine, InvoiceVat, OnlinePayment, Receivable
from tenants.billing.online import announcing, going_back, links, mandates_seen, settings
from tenants.parties.access import Actor
from tenants.parties.models import Role

register = template.Library()


@register.inclusion_tag("billing/_test_mode.html")
def test_mode() -> dict[str, bool]:
    """{% test_mode %}: on each page that leads to a payment page, that no real money is paid there; else nothing."""
    return {"tests": stripe.is_on() and stripe.is_test()}


@register.filter
def title(invoice: Invoice) -> str:
    """Factuur 2026-0203, or Creditfactuur 2026-0204"""
    return typesetting.title(invoice)


@register.filter
def amount_and_price(line: InvoiceLine) -> str:
    """2 uur × € 42,50"""
    return f"{typesetting.quantity(line)} × {typesetting.unit_price(line)}"


@register.filter
def vat_words(each: InvoiceVat) -> str:
    """21 % btw over € 85,00"""
    return typesetting.vat_words(each)


@register.filter
def obstacles(invoice: Invoice) -> list[str]:
    """Why there is no e-invoice of it; nothing when there is one."""
    return einvoice.obstacles(invoice)


@register.filter
def hints(invoice: Invoice) -> list[str]:
    """What to do before the e-invoice goes smoothly."""
    return einvoice.hints(invoice)


@register.filter
def pay_path(receivable: Receivable) -> str:
    """The page on which it can be paid online."""
    return links.path(receivable)


@register.filter
def collected_on(payment: OnlinePayment) -> str:
    """incasso onderweg, op 3 december 2026"""
    return mandates_seen.course(payment)


@register.filter
def why_refused(payment: OnlinePayment) -> str:
    """er stond niet genoeg geld op de rekening"""
    return announcing.why(payment.failure)


@register.inclusion_tag("billing/_mandate_card.html", takes_context=True)
def mandate_card(context: Context, look: str) -> dict[str, object]:
    """{% mandate_card "card" %}: the mandates of my parties, or the way to give one; nothing where none is on offer."""
    actor: Actor = context["request"].actor
    theirs = actor.party_ids_as(Role.TENANT_MANAGER, Role.ZZPER)
    parties = [party for party in actor.parties if party.pk in theirs]
    offers = bool(parties) and actor.hub is not None and settings.collects(actor.hub)
    standings = mandates_seen.of_parties(parties) if offers else []
    return {
        "look": look,
        "standings": standings,
        "many": len(parties) > 1,
        "any_given": any(each.mandate for each in standings),
    }


@register.filter
def way(payment: OnlinePayment) -> str:
    """How it was paid, as a person says it: iDEAL | Wero."""
    return going_back.way(payment) if payment.method else "–"
