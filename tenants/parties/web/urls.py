"""Pages about people and letters."""

from django.urls import path

from tenants.parties.web import account, applications, changes, entrance, joining, letters, parties, people

urlpatterns = [
    path("", entrance.start, name="start"),
    path("welkom", entrance.welcome, name="welcome"),
    path("taal", entrance.choose_language, name="set_language"),
    path("hub/kies", entrance.choose_hub, name="hub-choose"),
    path("aanmelden", joining.join, name="join"),
    path("account/ik", account.account, name="account"),
    path("account/partij", account.party, name="account-party"),
    path("account/collega", account.invite_colleague, name="colleague-invite"),
    path("account/collega/<int:pk>/weg", account.remove_colleague, name="colleague-remove"),
    path("beheer/aanmeldingen", applications.applications, name="applications"),
    path("beheer/aanmeldingen/<int:pk>", applications.application, name="application"),
    path("beheer/aanmeldingen/<int:pk>/goedkeuren", applications.approve, name="application-approve"),
    path("beheer/aanmeldingen/<int:pk>/afwijzen", applications.decline, name="application-decline"),
    path("beheer/mensen", people.people, name="people"),
    path("beheer/mensen/uitnodigen", people.invite, name="people-invite"),
    path("beheer/partijen", parties.parties, name="parties"),
    path("beheer/brieven", letters.letters, name="letters"),
    path("beheer/brieven/<int:pk>/opnieuw", letters.send_again, name="letter-again"),
    path("beheer/wijzigingen", changes.changes, name="changes"),
]
