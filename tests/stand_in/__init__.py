"""A stand-in for Stripe, for tests and for trying out: it keeps state, shows a page to pay on, and sends signed webhooks.

It answers as version 2026-10-28.endive and refuses what that version refuses; every request and every answer is held
against Stripe's own description (`contract`). Nothing here pays, and nothing leaves this machine.

In a test: the fixture `stripe_server` (a `StandIn`), already named in the settings. `python -m tests.stand_in` runs it alone.
"""
