"""Pages of what is open and of collecting it."""

from django.urls import path

from tenants.billing.web import arranging, dunning, dunning_settings, handing_over, open_items

urlpatterns = [
    path("openstaand", open_items.open_items, name="open-items"),
    path("openstaand.csv", open_items.open_items_csv, name="open-items-csv"),
    path("openstaand/<int:pk>", open_items.account, name="party-account"),
    path("openstaand/<int:pk>.pdf", open_items.account_pdf, name="party-account-pdf"),
    path("openstaand/<int:pk>.csv", open_items.account_csv, name="party-account-csv"),
    path("openstaand/<int:pk>/pauze", arranging.pause, name="pause-new"),
    path("openstaand/<int:pk>/regeling", arranging.plan, name="plan-new"),
    path("openstaand/pauze/<int:pk>/einde", arranging.end_pause, name="pause-end"),
    path("openstaand/regeling/<int:pk>/einde", arranging.end_plan, name="plan-end"),
    path("openstaand/post/<int:pk>/afboeken", arranging.write_off, name="write-off"),
    path("openstaand/brieven", dunning.letters, name="dunning"),
    path("openstaand/brieven/<int:pk>/<str:kind>", dunning.letter, name="dunning-letter"),
    path("openstaand/brieven/<int:pk>/<str:kind>/brief.pdf", dunning.letter_pdf, name="dunning-letter-pdf"),
    path("openstaand/kosten/<int:pk>", dunning.charge, name="dunning-charge"),
    path("openstaand/overdragen", handing_over.handover, name="handover"),
    path("openstaand/overdragen.zip", handing_over.handover_zip, name="handover-zip"),
    path("openstaand/instellingen", dunning_settings.ladder_page, name="dunning-ladder"),
    path("openstaand/rente", dunning_settings.rates_page, name="interest-rates"),
    path("openstaand/rente/nieuw", dunning_settings.new_rate, name="interest-rate-new"),
    path("openstaand/rente/<int:pk>", dunning_settings.rate, name="interest-rate"),
]
