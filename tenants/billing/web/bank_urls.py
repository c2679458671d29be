"""Pages of money that comes in and goes out."""

from django.urls import path

from tenants.billing.web import bank, debits, going_back, online_debits, online_mandates, payments

urlpatterns = [
    path("bank", bank.bank, name="bank"),
    path("bank/inlezen", bank.read_in, name="bank-read-in"),
    path("bank/afschrift/<int:pk>", bank.statement, name="bank-statement"),
    path("bank/regel/<int:pk>", bank.entry, name="bank-entry"),
    path("bank/regel/<int:pk>/bevestigen", bank.confirm, name="bank-confirm"),
    path("bank/regel/<int:pk>/toewijzen", bank.assign, name="bank-assign"),
    path("bank/regel/<int:pk>/boeken", bank.book, name="bank-book"),
    path("bank/regel/<int:pk>/ongedaan", bank.undo, name="bank-undo"),
    path("ontvangen", payments.take_in, name="payment-new"),
    path("ontvangen/<int:pk>/ongedaan", payments.take_back, name="payment-undo"),
    path("tegoed", payments.credits, name="credits"),
    path("tegoed/terug/<int:pk>/betaald", payments.refund_paid, name="refund-paid"),
    path("tegoed/terug/<int:pk>/vervallen", payments.refund_drop, name="refund-drop"),
    path("tegoed/terug/<int:pk>/opnieuw", going_back.again, name="refund-again"),
    path("tegoed/terug/<int:pk>/rekening", going_back.to_account, name="refund-to-account"),
    path("tegoed/stripe/<uuid:pk>/gezien", going_back.refund_seen, name="online-refund-seen"),
    path("tegoed/betwist/<int:pk>/gezien", going_back.dispute_seen, name="online-dispute-seen"),
    path("tegoed/<slug:source>/<int:pk>", payments.credit, name="credit"),
    path("tegoed/<slug:source>/<int:pk>/verrekenen", payments.settle, name="credit-settle"),
    path("tegoed/<slug:source>/<int:pk>/terugbetalen", payments.pay_back, name="credit-pay-back"),
    path("incasso", debits.debits, name="debits"),
    path("incasso/maken", debits.make, name="debit-make"),
    path("incasso/machtigingen", debits.mandate_list, name="mandates"),
    path("incasso/machtigingen/<int:pk>", debits.mandate, name="mandate"),
    path("incasso/machtigingen/<int:pk>/intrekken", debits.revoke, name="mandate-revoke"),
    path(
        "incasso/machtigingen/online/<uuid:pk>/intrekken",
        online_mandates.withdraw,
        name="online-mandate-withdraw",
    ),
    path("incasso/online", online_debits.debits, name="online-debits"),
    path("incasso/online/<uuid:pk>/opnieuw", online_debits.again, name="online-debit-again"),
    path("machtiging", online_mandates.mandates, name="online-mandates"),
    path("machtiging/geven/<int:pk>", online_mandates.give, name="online-mandate-give"),
    path("machtiging/<uuid:pk>", online_mandates.returned, name="online-mandate"),
    path("machtiging/<uuid:pk>/beeindigen", online_mandates.end, name="online-mandate-end"),
    path("incasso/<int:pk>", debits.batch, name="debit-batch"),
    path("incasso/<int:pk>/bestand", debits.file, name="debit-file"),
    path("incasso/<int:pk>/verstuurd", debits.sent, name="debit-sent"),
    path("incasso/<int:pk>/vervallen", debits.drop, name="debit-drop"),
]
