"""Pages of invoices."""

from django.urls import path, re_path

from tenants.billing.web import invoices, month

NUMBER = r"(?P<number>\d{4}-\d{4,10})"

urlpatterns = [
    path("facturen", invoices.invoices, name="invoices"),
    path("facturen.csv", invoices.invoices_csv, name="invoices-csv"),
    path("facturen/maand", month.month, name="invoicing-month"),
    path("facturen/maand/goedkeuren/<int:pk>", month.approve, name="invoicing-approve"),
    path("facturen/maand/opnieuw/<int:pk>", month.try_again, name="invoicing-again"),
    re_path(rf"^facturen/{NUMBER}$", invoices.invoice, name="invoice"),
    re_path(rf"^facturen/{NUMBER}\.pdf$", invoices.invoice_pdf, name="invoice-pdf"),
]
