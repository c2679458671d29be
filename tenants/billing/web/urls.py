"""Pages of invoices."""

from django.urls import path, re_path

from tenants.billing.web import (
    bookkeeping,
    crediting,
    files,
    invoices,
    month,
    online_account,
    online_paying,
    online_settings,
    online_webhook,
)

NUMBER = r"(?P<number>\d{4}-\d{4,10})"

urlpatterns = [
    path("boeken", bookkeeping.books, name="books"),
    path("boeken/journaal.csv", bookkeeping.books_csv, name="books-csv"),
    path("boeken/auditfile.xaf", bookkeeping.books_xaf, name="books-xaf"),
    path("boeken/e-facturen.zip", bookkeeping.books_ubl, name="books-ubl"),
    path("boeken/rekeningen", bookkeeping.ledger, name="books-accounts"),
    path("boeken/rekeningen/nieuw", bookkeeping.new_account, name="books-account-new"),
    path("boeken/rekeningen/<int:pk>", bookkeeping.account, name="books-account"),
    path("boeken/afsluiten", bookkeeping.close, name="books-close"),
    path("boeken/heropenen", bookkeeping.reopen, name="books-reopen"),
    path("betaal/<str:token>", online_paying.pay, name="pay-online"),
    path("betaal/<str:token>/stoppen", online_paying.stop, name="pay-online-stop"),
    path("boeken/online", online_account.account, name="online-account"),
    path("boeken/online/<int:year>.csv", online_account.moves_csv, name="online-moves-csv"),
    path("boeken/online/<slug:stripe_id>", online_account.payout, name="online-payout"),
    path("beheer/online-betalen", online_settings.online_settings, name="online-settings"),
    path("beheer/online-betalen/proef-terug", online_settings.take_tests_back, name="online-tests-take-back"),
    path("stripe/webhook", online_webhook.webhook, name="stripe-webhook"),
    path("facturen", invoices.invoices, name="invoices"),
    path("facturen.csv", invoices.invoices_csv, name="invoices-csv"),
    path("facturen/maand.zip", files.month_zip, name="invoicing-month-zip"),
    path("facturen/maand/goedkeuren/<int:pk>", month.approve, name="invoicing-approve"),
    path("facturen/maand/opnieuw/<int:pk>", month.try_again, name="invoicing-again"),
    re_path(rf"^facturen/{NUMBER}$", invoices.invoice, name="invoice"),
    re_path(rf"^facturen/{NUMBER}/opnieuw$", month.send_again, name="invoice-again"),
    re_path(rf"^facturen/{NUMBER}/crediteren$", crediting.credit, name="invoice-credit"),
    re_path(rf"^facturen/{NUMBER}\.pdf$", files.invoice_pdf, name="invoice-pdf"),
    re_path(
        rf"^facturen/{NUMBER}-nlcius\.xml$", files.invoice_xml, {"profile": "nlcius"}, name="invoice-nlcius"
    ),
    re_path(
        rf"^facturen/{NUMBER}-peppol\.xml$", files.invoice_xml, {"profile": "peppol"}, name="invoice-peppol"
    ),
]
