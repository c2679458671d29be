"""What people may type about themselves, their party and their colleagues."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from tenants.parties import identity, joining
from tenants.parties.identity import IdentityError
from tenants.parties.joining import Application
from tenants.parties.models import Party, PartyKind, Role
from tenants.parties.web import typed
from tenants.parties.web.fields import iban_field, kvk_field, registration_field, vat_id_field

VAT_POSITIONS = [
    ("vrijgesteld (zorg)", _("exempt (care)")),
    ("KOR", _("small businesses scheme (KOR)")),
    ("belast", _("I charge VAT")),
]


def text(
    label: Any, *, length: int, required: bool = True, autocomplete: str = "off", **kwargs: Any
) -> forms.CharField:
    """One line of text."""
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    validators = kwargs.pop("validators", [typed.safe_text])
    return forms.CharField(
        label=label, max_length=length, required=required, widget=widget, validators=validators, **kwargs
    )


def phone(**kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"})
    return forms.CharField(
        label=_("Phone number"), max_length=20, validators=[typed.phone], widget=widget, **kwargs
    )


def email(label: Any = None, *, autocomplete: str = "email", **kwargs: Any) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete})
    return forms.EmailField(label=label or _("E-mail address"), max_length=254, widget=widget, **kwargs)


def adds(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=_("What do you add to the hub?"), max_length=1000, validators=[typed.no_bsn],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For whom do you work, and with whom in the building could you work together?"), **kwargs,
    )  # fmt: skip


def street() -> forms.CharField:
    return text(_("Street and number"), length=120, required=False, autocomplete="address-line1")


def postal_code() -> forms.CharField:
    return text(_("Postal code"), length=10, required=False, autocomplete="postal-code")


def city() -> forms.CharField:
    return text(_("City"), length=80, required=False, autocomplete="address-level2")


class NumbersForm(forms.Form):
    """The numbers of a sole trader or organisation."""

    kvk = kvk_field()
    vat_position = forms.ChoiceField(
        label=_("VAT"), required=False, choices=[("", _("I do not know")), *VAT_POSITIONS]
    )
    vat_id = vat_id_field()
    iban = iban_field()
    registration = registration_field()
    sole_trader: bool | None = True

    def clean_vat_id(self) -> str:
        value: str = self.cleaned_data["vat_id"]
        try:
            return identity.vat_id(value, sole_trader=self.sole_trader) if value else ""
        except IdentityError as error:
            raise forms.ValidationError(error.message) from error

    def full_clean(self) -> None:
        """What was refused and may hold a BSN does not come back in the page."""
        super().full_clean()
        wrong = [name for name in self.errors if self.is_bound and name in self.data]
        refused = {
            name: ""
            for name in wrong
            if name in {"kvk", "vat_id", "registration"} or identity.looks_like_bsn(str(self.data[name]))
        }
        if refused:
            self.data = {**{name: self.data[name] for name in self.data}, **refused}


class JoinForm(NumbersForm):
    """A new professional applies."""

    hub = forms.ModelChoiceField(
        Hub.objects.none(), label=_("Which building?"), empty_label=None, to_field_name="slug"
    )
    name = text(_("Your name"), length=120, autocomplete="name", validators=[typed.no_bsn])
    email = email()
    phone = phone()
    practice = text(
        _("Name of your practice"), length=160, required=False, autocomplete="organization",
        help_text=_("Leave it empty when that is your own name."), validators=[typed.no_bsn],
    )  # fmt: skip
    discipline = text(
        _("Your profession"), length=120, autocomplete="organization-title", validators=[typed.no_bsn]
    )
    adds = adds()
    street = street()
    postal_code = postal_code()
    city = city()
    field_order = (
        "hub", "name", "email", "phone", "practice", "discipline", "adds", "kvk", "vat_position", "vat_id",
        "registration", "iban", "street", "postal_code", "city",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kvk"].required = True
        cast("Any", self.fields["hub"]).queryset = joining.open_hubs()

    def application(self, *, language: str) -> Application:
        """What was told, ready for `joining.knock`."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "hub"}
        return Application(language=language, **told)


class PersonForm(forms.Form):
    name = text(_("Your name"), length=120, autocomplete="name")
    phone = phone(required=False)
    language = forms.ChoiceField(
        label=_("Language of your pages and letters"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class PartyForm(forms.ModelForm, NumbersForm):
    """What a professional or tenant manager may change about their own party."""

    contact_name = text(_("Contact"), length=120, required=False, autocomplete="name")
    email = email(_("E-mail address for letters and invoices"))
    phone = phone(required=False)
    adds = adds(required=False)
    street = street()
    postal_code = postal_code()
    city = city()
    shows_name = forms.BooleanField(
        label=_("Show our name on the screens in the building"), required=False,
        help_text=_("At the door and at the entrance. Otherwise a screen only says that the room is taken."),
    )  # fmt: skip

    class Meta:
        model = Party
        fields = (
            "contact_name", "email", "phone", "adds", "kvk", "vat_position", "vat_id", "registration", "iban",
            "street", "postal_code", "city", "shows_name",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        party = self.instance
        self_employed = party.kind == PartyKind.SELF_EMPLOYED
        self.sole_trader = identity.is_sole_trader(party.legal_form, self_employed=self_employed)
        if party.vat_position and party.vat_position not in dict(VAT_POSITIONS):
            cast("Any", self.fields["vat_position"]).choices += [(party.vat_position, party.vat_position)]


class InviteForm(forms.Form):
    """A colleague of the same party."""

    name = text(_("Name"), length=120)
    email = email()
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in (Role.TENANT_MEMBER, Role.TENANT_MANAGER)],
    )


class StaffInviteForm(InviteForm):
    """Anybody at the hub, by its director: staff, or somebody of a party."""

    party = forms.ModelChoiceField(
        Party.objects.none(),
        label=_("For"),
        required=False,
        empty_label=_("the hub itself (director, reception, bookkeeper)"),
    )

    def __init__(self, *args: Any, hub: Hub, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("Any", self.fields["role"]).choices = Role.choices
        cast("Any", self.fields["party"]).queryset = Party.objects.of_hub(hub).active()
        self.order_fields(("name", "email", "party", "role"))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        is_staff = told.get("role") in Role.staff()
        if "role" in told and "party" in told and is_staff == bool(told["party"]):
            self.add_error("role", _("This role does not go with what you chose under “For”."))
        return told


class DecisionForm(forms.Form):
    message = forms.CharField(
        label=_("Message to the applicant"), required=False, max_length=2000, validators=[typed.no_bsn],
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class FilterForm(forms.Form):
    """Filters of a list, from the address; a wrong value counts as none."""

    def told(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
