"""The deliberate defects: each is one change to one file, with the tests that must see it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """In `file` the words `sound` (there once) become `spoiled`; `seen_by` are paths of tests."""

    words: str
    file: str
    sound: str
    spoiled: str
    seen_by: tuple[str, ...]


STRIPE = "tenants/billing/stripe/"
ONLINE = "tenants/billing/online/"
PAYING = "bookings/paying/"
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

MUTANTS = (
    Mutant(
        "A lost answer is asked for again under another idempotency key",
        ONLINE + "attempts.py",
        'return f"{payment.hub.slug}:{deed}:{payment.pk}:{payment.attempt}"',
        'return f"{payment.hub.slug}:{deed}:{payment.pk}:{uuid4()}"',
        ("tests/online/test_pay_invoice.py", "tests/bookings/test_paying.py"),
    ),
    Mutant(
        "Stripe is asked without an idempotency key",
        STRIPE + "sessions.py",
        'v1.checkout.sessions.create(wish, {"idempotency_key": key})',
        "v1.checkout.sessions.create(wish, {})",
        ("tests/online/test_gateway_faults.py", "tests/online/test_gateway.py"),
    ),
    Mutant(
        "Two who look at one payment at once do not wait for each other",
        ONLINE + "syncing.py",
        'rows = OnlinePayment.objects.select_for_update(of=("self",), no_key=True).select_related(',
        "rows = OnlinePayment.objects.select_related(",
        ("tests/faults/test_webhooks_any_order.py", "tests/faults/test_paying_a_booking.py"),
    ),
    Mutant(
        "The money of a payment has no key of its own in the books",
        ONLINE + "syncing.py",
        'key=f"online:{row.pk}", is_test',
        'key="", is_test',
        ("tests/faults/test_webhooks_any_order.py", "tests/online/test_pay_invoice.py"),
    ),
    Mutant(
        "A late look takes a paid attempt back to an earlier state",
        ONLINE + "syncing.py",
        "(seen.state == before or seen.state in ONLINE_NEXT[before])",
        "(True)",
        ("tests/online/test_pay_invoice.py", "tests/faults/test_webhooks_any_order.py"),
    ),
    Mutant(
        "Euros become cents by way of a float",
        STRIPE + "values.py",
        "return int(scaled)",
        "return int(float(amount) * 100)",
        ("tests/online/test_gateway.py",),
    ),
    Mutant(
        "What an event says is taken for what happened",
        STRIPE + "events.py",
        "if not any(_is_signed(body, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):",
        "if not settings.STRIPE_WEBHOOK_SECRETS:",
        ("tests/faults/test_webhooks_forged.py", "tests/online/test_reading_events.py"),
    ),
    Mutant(
        "Only the newest secret counts while it is being replaced",
        STRIPE + "events.py",
        "for secret in settings.STRIPE_WEBHOOK_SECRETS):",
        "for secret in settings.STRIPE_WEBHOOK_SECRETS[:1]):",
        ("tests/faults/test_webhooks_forged.py", "tests/online/test_reading_events.py"),
    ),
    Mutant(
        "The time is given to others before the payment page is closed",
        PAYING + "stopping.py",
        "        syncing.closed(payment, now=now)\n    return Booking",
        "        syncing.asked(payment, now=now)\n    return Booking",
        ("tests/faults/test_paying_a_booking.py", "tests/bookings/test_paying.py"),
    ),
    Mutant(
        "That Stripe cannot be reached counts as not paid",
        ONLINE + "syncing.py",
        "    except stripe.Refused as refusal:\n        raise stripe.Unavailable(str(refusal)) from refusal",
        "    except (stripe.Refused, stripe.Unavailable) as refusal:\n        return Seen(State.FAILED, failure=str(refusal))",
        ("tests/online/test_pay_invoice.py", "tests/bookings/test_paying.py", "tests/online/test_inbox.py"),
    ),
    Mutant(
        "What goes back is not held against what came",
        ONLINE + "refunding.py",
        "    if amount > (left := going_back.left_of(online)):\n",
        "    if amount > (left := going_back.left_of(online)) + amount:\n",
        ("tests/online/test_going_back.py", "tests/concurrency/test_refunding_at_once.py"),
    ),
    Mutant(
        "Who paid for a time that had gone gets nothing back",
        PAYING + "following.py",
        "        refunding.give_back(credit, reason=why, now=now)\n",
        "        pass\n",
        ("tests/bookings/test_paying.py",),
    ),
    Mutant(
        "A hold keeps its end while it is being paid",
        "bookings/reserving.py",
        "claiming.keep(booking.holder, kind=Claim.Kind.BOOKING) < len(atoms)",
        "len(claiming.lock(spaces)) < len(atoms)",
        BOOKINGS,
    ),
    Mutant(
        "A room that is being paid is released by our clock",
        "bookings/states.py",
        "HOLDING = [BookingState.HELD, BookingState.OPTION]",
        "HOLDING = [BookingState.HELD, BookingState.OPTION, BookingState.PAYING]",
        BOOKINGS,
    ),
    Mutant(
        "What is paid is the sum of the parts, not what the invoice comes to",
        PAYING + "ways.py",
        "    total = owing.payable(booking)\n",
        "    total = euro(booking.total)\n",
        BOOKINGS,
    ),
    Mutant(
        "Where a share is asked for now, the booking may go on account all the same",
        PAYING + "on_account.py",
        "and not chosen.on_account:",
        "and False:",
        BOOKINGS,
    ),
    Mutant(
        "An ended booking goes on account while its page may still be paid",
        "bookings/reserving.py",
        "        _refuse_unfinished(row)\n",
        "",
        BOOKINGS,
    ),
    Mutant(
        "Each look at a paid booking books it once more",
        PAYING + "syncing.py",
        "    if row.state == before:\n        return row\n",
        "",
        BOOKINGS,
    ),
    Mutant(
        "Called off while somebody pays: the page stays open",
        PAYING + "syncing.py",
        "        attempts.close(payment, now=now)\n    return _followed",
        "        pass\n    return _followed",
        BOOKINGS,
    ),
    Mutant(
        "Late money never takes a time back that is still free",
        PAYING + "following.py",
        "if booking.state == BookingState.PAYING or _taken_back(booking, now=now):",
        "if booking.state == BookingState.PAYING:",
        ("tests/bookings/test_paying.py",),
    ),
    Mutant(
        "A collected invoice is reminded of while the debit is on its way",
        "tenants/billing/debiting.py",
        "return Q(Exists(under_way)) | Q(Exists(online))",
        "return Q(Exists(under_way))",
        ("tests/online/test_collecting.py",),
    ),
    Mutant(
        "A payment under the test key is booked as money",
        "tenants/billing/books/accounts.py",
        "return Role.ONLINE_TEST if payment.is_test else",
        "return",
        ("tests/online/test_settings.py", "tests/online/test_reconciling.py"),
    ),
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
