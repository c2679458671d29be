"""Defects in the line to Stripe, in test mode and at the start."""

from tests.mutation.mutant import Mutant

STRIPE = "tenants/billing/stripe/"
ONLINE = "tenants/billing/online/"
GATEWAY = (
    "tests/online/test_gateway.py",
    "tests/online/test_gateway_faults.py",
    "tests/online/test_reading_events.py",
    "tests/online/test_settings.py",
    "tests/config/test_env.py",
)
BOOKINGS = (
    "tests/bookings/test_paying.py",
    "tests/bookings/test_ways_to_pay.py",
    "tests/faults/test_paying_a_booking.py",
)

OF_THE_LINE = (
    Mutant(
        "Each try has an idempotency key of its own",
        STRIPE + "sessions.py",
        '{"idempotency_key": key}',
        '{"idempotency_key": key + __import__("uuid").uuid4().hex}',
        GATEWAY,
    ),
    Mutant(
        "A refund is asked for without an idempotency key",
        STRIPE + "going_back.py",
        '{"idempotency_key": key}',
        "{}",
        GATEWAY,
    ),
    Mutant(
        "A part of a cent is cut off instead of refused",
        STRIPE + "values.py",
        '    if scaled != scaled.to_integral_value():\n        raise ValueError(f"{amount} is not in whole cents")\n',
        "",
        GATEWAY,
    ),
    Mutant(
        "Too busy (429) is not tried again",
        STRIPE + "line.py",
        "{409, 429}",
        "{409}",
        GATEWAY,
    ),
    Mutant(
        "That our key is wrong counts as a no of Stripe",
        STRIPE + "line.py",
        "stripe.InvalidRequestError | stripe.CardError",
        "stripe.InvalidRequestError | stripe.CardError | stripe.AuthenticationError | stripe.IdempotencyError",
        GATEWAY,
    ),
    Mutant(
        "A time-out counts as a no of Stripe",
        STRIPE + "line.py",
        "raise Unavailable(str(fault)) from fault",
        'raise Refused("", str(fault)) from fault',
        GATEWAY,
    ),
    Mutant(
        "Every thread of the site may wait for Stripe at once",
        STRIPE + "line.py",
        "    if not _places.acquire(timeout=PLACE):",
        "    if False:",
        GATEWAY,
    ),
    Mutant(
        "Each call of a page has ten seconds of its own",
        STRIPE + "patience.py",
        "    if known is None:\n        return ends",
        "    return ends",
        GATEWAY,
    ),
    Mutant(
        "Everybody tries again at the same moment",
        STRIPE + "patience.py",
        "secrets.SystemRandom().uniform(0.5, 1.5)",
        "1",
        GATEWAY,
    ),
    Mutant(
        "Ways to pay are asked for in the way that Stripe took away",
        STRIPE + "sessions.py",
        '"allowed_payment_method_types": list(wish.methods)',
        '"payment_method_types": list(wish.methods)',
        GATEWAY,
    ),
    Mutant(
        "A mandate is asked for without a currency",
        STRIPE + "sessions.py",
        '        "currency": "eur",\n        "customer"',
        '        "customer"',
        GATEWAY,
    ),
    Mutant(
        "A page that was paid on counts as closed",
        STRIPE + "sessions.py",
        '        if found.state != "expired":\n            raise\n',
        "",
        GATEWAY,
    ),
    Mutant(
        "Only the package's own error about a signature is caught",
        STRIPE + "events.py",
        "(stripe.SignatureVerificationError, ValueError, TypeError, IndexError)",
        "stripe.SignatureVerificationError",
        GATEWAY,
    ),
    Mutant(
        "A signature is good for ever",
        STRIPE + "events.py",
        "TOLERANCE = 300",
        "TOLERANCE = 0",
        GATEWAY,
    ),
    Mutant(
        "Only the first page of a list is read",
        STRIPE + "values.py",
        "if not page.has_more or not page.data:",
        "if True:",
        GATEWAY,
    ),
    Mutant(
        "A payout counts among its own movements",
        STRIPE + "moves.py",
        " if move.about != payout_id",
        "",
        GATEWAY,
    ),
    Mutant(
        "A dispute that was won still lacks the money",
        STRIPE + "going_back.py",
        "sum(each.amount for each in raw.balance_transactions) < 0",
        "bool(raw.balance_transactions)",
        GATEWAY,
    ),
    Mutant(
        "A test key is used where real money came in",
        ONLINE + "settings.py",
        "return stripe.is_on() and not refuses_key()",
        "return stripe.is_on()",
        GATEWAY,
    ),
    Mutant(
        "Another company uses the account at Stripe",
        ONLINE + "settings.py",
        "if other.kvk != hub.kvk and",
        "if False and",
        GATEWAY,
    ),
    Mutant(
        "Of a test that was refunded the refund is left standing",
        ONLINE + "clearing_tests.py",
        'order_by("amount", "pk")',
        'order_by("-amount", "pk")',
        GATEWAY,
    ),
    Mutant(
        "A live key goes together with an imitation of Stripe",
        "config/env.py",
        "        if base and is_live:",
        "        if False:",
        GATEWAY,
    ),
    Mutant(
        "The browser may not go to the payment page",
        "config/addresses.py",
        "return [stand_in or PAYMENT_PAGE] if key else []",
        "return []",
        GATEWAY,
    ),
)
