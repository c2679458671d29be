"""How the changes of a lease are called in addresses."""

SLUGS = {
    "price": "huur",
    "rooms": "ruimtes",
    "payers": "wie-betaalt",
    "discount": "korting",
    "stop_discount": "korting-stopt",
    "advances": "servicekosten",
    "vat": "btw",
    "indexing": "indexering",
    "agreements": "afspraken",
    "notice": "opzegtermijn",
    "add_break": "eerder-stoppen",
    "drop_break": "niet-eerder-stoppen",
    "security": "zekerheid",
    "security_dates": "zekerheid-bijwerken",
    "renew": "verlengen",
    "end": "beeindigen",
}
DEED_OF = {slug: deed for deed, slug in SLUGS.items()}
