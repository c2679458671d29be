"""The deliberate defects: each is one change to one file, with the tests that must see it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """In `file` the words `sound` (there once) become `spoiled`; `seen_by` are paths or ids of tests."""

    name: str
    words: str
    file: str
    sound: str
    spoiled: str
    seen_by: tuple[str, ...]


ATTEMPTS = "tenants/billing/online/attempts.py"
SYNCING = "tenants/billing/online/syncing.py"
FOLLOWING = "bookings/paying/following.py"
STOPPING = "bookings/paying/stopping.py"
PAYING_A_BOOKING = "tests/faults/test_paying_a_booking.py"

MUTANTS = (
    Mutant(
        "another-key",
        "A lost answer is asked for again under another idempotency key",
        ATTEMPTS,
        'return f"{payment.hub.slug}:{deed}:{payment.pk}:{payment.attempt}"',
        'return f"{payment.hub.slug}:{deed}:{payment.pk}:{uuid4()}"',
        ("tests/online/test_pay_invoice.py", "tests/bookings/test_paying.py"),
    ),
    Mutant(
        "no-key",
        "Stripe is asked without an idempotency key",
        "tenants/billing/stripe/sessions.py",
        'v1.checkout.sessions.create(wish, {"idempotency_key": key})',
        "v1.checkout.sessions.create(wish, {})",
        ("tests/online/test_gateway_faults.py", "tests/online/test_gateway.py"),
    ),
    Mutant(
        "no-row-lock",
        "Two who look at one payment at once do not wait for each other",
        SYNCING,
        'rows = OnlinePayment.objects.select_for_update(of=("self",), no_key=True).select_related(',
        "rows = OnlinePayment.objects.select_related(",
        ("tests/faults/test_webhooks_any_order.py", PAYING_A_BOOKING),
    ),
    Mutant(
        "booked-twice",
        "The money of a payment has no key of its own in the books",
        SYNCING,
        'key=f"online:{row.pk}", is_test',
        'key="", is_test',
        ("tests/faults/test_webhooks_any_order.py", "tests/online/test_pay_invoice.py"),
    ),
    Mutant(
        "backwards",
        "A late look takes a paid attempt back to an earlier state",
        SYNCING,
        "(seen.state == before or seen.state in ONLINE_NEXT[before])",
        "(True)",
        ("tests/online/test_pay_invoice.py", "tests/faults/test_webhooks_any_order.py"),
    ),
    Mutant(
        "cents-by-float",
        "Euros become cents by way of a float",
        "tenants/billing/stripe/values.py",
        "return int(scaled)",
        "return int(float(amount) * 100)",
        ("tests/online/test_gateway.py",),
    ),
    Mutant(
        "believes-the-event",
        "What an event says is taken for what happened",
        "tenants/billing/stripe/events.py",
        "if not any(_is_signed(body, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):",
        "if not settings.STRIPE_WEBHOOK_SECRETS:",
        ("tests/faults/test_webhooks_forged.py", "tests/online/test_reading_events.py"),
    ),
    Mutant(
        "one-secret",
        "Only the newest secret counts while it is being replaced",
        "tenants/billing/stripe/events.py",
        "for secret in settings.STRIPE_WEBHOOK_SECRETS):",
        "for secret in settings.STRIPE_WEBHOOK_SECRETS[:1]):",
        ("tests/faults/test_webhooks_forged.py", "tests/online/test_reading_events.py"),
    ),
    Mutant(
        "released-before-closed",
        "The time is given to others before the payment page is closed",
        STOPPING,
        "        syncing.closed(payment, now=now)\n    return Booking",
        "        syncing.asked(payment, now=now)\n    return Booking",
        (PAYING_A_BOOKING, "tests/bookings/test_paying.py"),
    ),
    Mutant(
        "unknown-is-failed",
        "That Stripe cannot be reached counts as not paid",
        SYNCING,
        "    except stripe.Refused as refusal:\n        raise stripe.Unavailable(str(refusal)) from refusal",
        "    except (stripe.Refused, stripe.Unavailable) as refusal:\n        return Seen(State.FAILED, failure=str(refusal))",
        ("tests/online/test_pay_invoice.py", "tests/bookings/test_paying.py", "tests/online/test_inbox.py"),
    ),
    Mutant(
        "over-refund",
        "What goes back is not held against what came",
        "tenants/billing/online/refunding.py",
        "    if amount > (left := going_back.left_of(online)):\n",
        "    if amount > (left := going_back.left_of(online)) + amount:\n",
        ("tests/online/test_going_back.py", "tests/concurrency/test_refunding_at_once.py"),
    ),
    Mutant(
        "money-kept",
        "Who paid for a time that had gone gets nothing back",
        FOLLOWING,
        "        refunding.give_back(credit, reason=why, now=now)\n",
        "        pass\n",
        ("tests/bookings/test_paying.py",),
    ),
    Mutant(
        "not-taken-back",
        "Late money never takes a time back that is still free",
        FOLLOWING,
        "if booking.state == BookingState.PAYING or _taken_back(booking, now=now):",
        "if booking.state == BookingState.PAYING:",
        ("tests/bookings/test_paying.py",),
    ),
    Mutant(
        "reminded-meanwhile",
        "A collected invoice is reminded of while the debit is on its way",
        "tenants/billing/debiting.py",
        "return Q(Exists(under_way)) | Q(Exists(online))",
        "return Q(Exists(under_way))",
        ("tests/online/test_collecting.py",),
    ),
    Mutant(
        "test-is-money",
        "A payment under the test key is booked as money",
        "tenants/billing/books/accounts.py",
        "return Role.ONLINE_TEST if payment.is_test else",
        "return",
        ("tests/online/test_settings.py", "tests/online/test_reconciling.py"),
    ),
)
