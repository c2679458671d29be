"""Defects in paying, giving back and collecting: bookings, invoices, mandates, what Stripe tells."""

from tests.mutation.mutant import Mutant

STRIPE = "tenants/billing/stripe/"
ONLINE = "tenants/billing/online/"
PAYING = "bookings/paying/"

BOOKINGS = (
    "tests/bookings/test_paying.py",
    "tests/bookings/test_ways_to_pay.py",
    "tests/faults/test_paying_a_booking.py",
)

OF_PAYING = (
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
        ("tests/concurrency/test_paying_at_once.py",),
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
        ("tests/online/test_any_order.py", "tests/faults/test_webhooks_any_order.py"),
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
        "    except stripe.Refused as refusal:\n        if payment.is_test",
        "    except (stripe.Refused, stripe.Unavailable) as refusal:\n        return Seen(State.FAILED, failure=str(refusal))\n"
        "        if payment.is_test",
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
        "Two who pay the same money back do not wait for each other",
        ONLINE + "going_back.py",
        'rows = OnlinePayment.objects.select_for_update(of=("self",), no_key=True)',
        "rows = OnlinePayment.objects.all()",
        ("tests/concurrency/test_refunding_at_once.py",),
    ),
)
