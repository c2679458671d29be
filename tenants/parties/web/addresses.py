"""Forms of django-allauth that look somebody up by address: only the account's own, confirmed address counts."""

from typing import Any

from allauth.account.forms import AddEmailForm, RequestLoginCodeForm, ResetPasswordForm
from allauth.account.models import EmailAddress
from django import forms
from django.utils.translation import gettext as _

from tenants.parties import people


class LoginCodeForm(RequestLoginCodeForm):
    """A code for who has this address, not for who began to claim it."""

    def clean_email(self) -> str:
        email = str(super().clean_email())
        self._user: Any = people.active_by_email(email)
        return email


class ResetForm(ResetPasswordForm):
    """A link for who has this address, not for who began to claim it."""

    def clean_email(self) -> str:
        email = str(super().clean_email())
        user = people.active_by_email(email)
        self.users = [user] if user else []
        return email


class ChangeAddressForm(AddEmailForm):
    """Another address, by somebody whose present one is confirmed: letters about the change arrive."""

    def clean_email(self) -> str:
        email = str(super().clean_email())
        if not EmailAddress.objects.filter(user=self.user, email=self.user.email, verified=True).exists():
            raise forms.ValidationError(_("Confirm your present address first."))
        return email
