"""The stand-in as a test holds it: what payers, banks and Stripe do, and what goes wrong."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from config.embedded import payments
from tests.stand_in import balance, checkout, disputes, refunds
from tests.stand_in.account import Account, Thing
from tests.stand_in.answering import Asked
from tests.stand_in.faults import Fault, Hold
from tests.stand_in.server import Server
from tests.stand_in.webhooks import Post

KEY = payments.KEY


class StandIn:
    """Amounts are euros (Decimal). A session, intent, refund … is named by its id; a session by its url as well."""

    def __init__(self, account: Account | None = None, *, port: int = 0) -> None:
        self.account = account or Account()
        self.server = Server(self.account, port=port)
        self.post = Post(self.account)
        self.server.start()

    @property
    def url(self) -> str:
        """STRIPE_API_BASE."""
        return self.server.url

    @property
    def secret(self) -> str:
        """The newest webhook secret."""
        return self.post.secret

    @property
    def requests(self) -> list[Asked]:
        """All that was asked, in order."""
        return self.server.desk.log

    @property
    def broken(self) -> list[str]:
        """Answers that Stripe's own description does not know. Always empty."""
        return self.server.desk.broken

    def asked(self, what: str) -> list[Asked]:
        """Requests whose "method path" begins with `what`: asked("post /v1/refunds")."""
        return [one for one in self.requests if f"{one.method.lower()} {one.path}".startswith(what)]

    def reset(self) -> None:
        """As new, with another webhook secret; nothing goes wrong, and webhooks are held."""
        self.mend()
        with self.account.lock:
            self.post.keep_sending(None)
            self.post.roll(overlap=False)
            self.account.forget()
            desk = self.server.desk
            for kept in (desk.log, desk.broken, desk.kept):
                kept.clear()

    def at(self, moment: datetime | None) -> None:
        """It is now `moment`, and stays so; None: the clock of this machine."""
        self.account.set_clock(moment)

    # payers and banks

    def pay(self, session: str, method: str = "ideal", outcome: str = "paid") -> Thing:
        """The payer on the page: "paid", "declined" (may try again), "waiting" (the bank says later). Gives the intent.

        Raises Ended when the page is closed.
        """
        with self.account.lock:
            open_one = checkout.open_session(self.account, self._name(session))
            checkout.pay(self.account, open_one, method=method, outcome=outcome)
            return self.account.things[open_one["payment_intent"]]

    def give_mandate(
        self, session: str, *, name: str = "A. Test", last4: str = "5264", agreed: bool = True
    ) -> Thing:
        """The account holder on the page of a mandate; not agreed: the bank does not know the account."""
        with self.account.lock:
            open_one = checkout.open_session(self.account, self._name(session))
            checkout.complete_setup(self.account, open_one, name=name, last4=last4, agreed=agreed)
            return self.account.things[open_one["setup_intent"]]

    def settle(self, intent: str) -> None:
        """The bank paid what was processing."""
        with self.account.lock:
            checkout.bank_said(self.account, self.account.find("payment_intent", intent), yes=True)

    def fail(self, intent: str, code: str = "") -> None:
        """The bank refused what was processing."""
        with self.account.lock:
            checkout.bank_said(
                self.account, self.account.find("payment_intent", intent), yes=False, code=code
            )

    def dispute(self, intent: str, *, amount: Decimal | None = None, reason: str = "") -> Thing:
        """The payer's bank takes it back. A debit is lost at once; a card can be answered, won or lost."""
        with self.account.lock:
            charge = self.account.find("charge", self.account.find("payment_intent", intent)["latest_charge"])
            return disputes.take_back(self.account, charge, amount=_cents(amount), reason=reason)

    def answer_dispute(self, dispute: str) -> None:
        """The proof was sent."""
        with self.account.lock:
            disputes.answer(self.account, self.account.find("dispute", dispute))

    def close_dispute(self, dispute: str, *, won: bool) -> None:
        """The bank has judged."""
        with self.account.lock:
            disputes.close(self.account, self.account.find("dispute", dispute), won=won)

    def end_mandate(self, mandate: str) -> None:
        """The account holder withdrew it at the bank."""
        with self.account.lock:
            thing = self.account.find("mandate", mandate)
            thing["status"] = "inactive"
            self.account.tell("mandate.updated", thing)

    # the dashboard

    def refund_in_dashboard(self, intent: str, amount: Decimal | None = None) -> Thing:
        """Somebody refunds in Stripe's own dashboard: without our metadata."""
        with self.account.lock:
            asked = {"payment_intent": intent} | ({"amount": _cents(amount)} if amount else {})
            return refunds.create(self.account, asked)

    def refunds_end(self, how: str) -> None:
        """How refunds go from now on: "succeeded" at once, "pending", or "failed" right after."""
        self.account.refunds_end = how

    def settle_refund(self, refund: str) -> None:
        """A pending one arrives."""
        with self.account.lock:
            refunds.succeed(self.account, self.account.find("refund", refund))

    def fail_refund(self, refund: str, reason: str = "expired_or_canceled_card") -> None:
        """The bank sent it back, pending or succeeded."""
        with self.account.lock:
            refunds.fail(self.account, self.account.find("refund", refund), reason)

    def pay_out(self) -> Thing:
        """Stripe pays everything out to the bank; it is on its way."""
        with self.account.lock:
            return balance.pay_out(self.account)

    def payout_arrives(self, payout: str) -> None:
        with self.account.lock:
            balance.payout_arrives(self.account, self.account.find("payout", payout))

    def payout_fails(self, payout: str) -> None:
        with self.account.lock:
            balance.payout_fails(self.account, self.account.find("payout", payout))

    # what goes wrong

    def goes_wrong(self, what: str, way: str, *, times: int | None = 1, seconds: float = 0.0) -> None:
        """The next requests to "method path" (a beginning of it; "" for all) go wrong: see `faults.Fault`."""
        self.server.desk.faults.append(Fault(what, way, times, seconds))

    def mend(self) -> None:
        """Nothing goes wrong any more, and whoever waits is let go."""
        self.server.desk.faults.clear()
        for hold in self.server.desk.holds:
            hold.let_go()
        self.server.desk.holds.clear()

    @contextmanager
    def holding(self, what: str) -> Iterator[Hold]:
        """Inside, what is asked is done, and its answer waits: `hold.wait_for(2)`, then `hold.let_go()`."""
        hold = Hold(what)
        self.server.desk.holds.append(hold)
        try:
            yield hold
        finally:
            hold.let_go()
            self.server.desk.holds.remove(hold)

    # webhooks

    def owed(self) -> list[Thing]:
        """Events of which we were not told yet, in order."""
        return self.post.owed()

    def deliver(self, to: Any, events: Sequence[Thing] | None = None, *, times: int = 1) -> list[int]:
        """Tell them (those owed, in order) to Django's test client or a live address; the statuses. See `Post.deliver`."""
        return self.post.deliver(to, events, times=times)

    def thing(self, name: str) -> Thing:
        """What is known under an id (or the url of a session)."""
        return self.account.things[self._name(name)]

    def _name(self, session: str) -> str:
        return session.rpartition("/")[2]


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)
