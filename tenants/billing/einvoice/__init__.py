"""E-invoices: an issued invoice as UBL 2.1 under EN 16931, in the Dutch profile (NLCIUS) and that of Peppol."""

from tenants.billing.einvoice.identifying import EInvoiceImpossible, hints, obstacles
from tenants.billing.einvoice.writing import NLCIUS, PEPPOL, PROFILES, Profile, ubl

__all__ = ["NLCIUS", "PEPPOL", "PROFILES", "EInvoiceImpossible", "Profile", "hints", "obstacles", "ubl"]
