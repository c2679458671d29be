"""Two people set the same thing: each stores only what they changed, and whoever comes second sees both versions."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bookings.web.overtaken import Row
from spaces import wording


class SeenForm(forms.ModelForm):
    """Remembers what the person saw. Make it with the row locked, and call `see` once it has all its fields."""

    overtaken: tuple[Row, ...] = ()
    """What somebody else changed meanwhile, and this person too: nothing is stored then."""

    def see(self) -> None:
        """Let each field bring along what it showed; a form without that is taken as if it showed what is there now."""
        for name, field in self.fields.items():
            field.show_hidden_initial = not self.is_bound or self.add_initial_prefix(name) in self.data

    def agrees(self) -> bool:
        """Whether it was sent, is in order, and changes nothing that somebody else has changed since it was shown.

        When it does, it is made ready to be shown again: pressing once more puts this person's choice in its place.
        """
        if not self.is_bound or not self.is_valid():
            return False
        self.overtaken = tuple(self._row(name) for name in self.changed_data if self._differs(name))
        if self.overtaken:
            self._show_again()
        return not self.overtaken

    def store(self) -> None:
        """Store what was changed, and leave the rest of the row to others."""
        names = [name for name in self.changed_data if name in (self._meta.fields or ())]
        if names:
            self.instance.save(update_fields=names)

    def _now(self, name: str) -> Any:
        return self.initial.get(name, self.fields[name].initial)

    def _differs(self, name: str) -> bool:
        field = self.fields[name]
        if not field.show_hidden_initial:
            return False
        try:
            seen = field.to_python(self.data.get(self.add_initial_prefix(name)))
        except forms.ValidationError:
            return True
        return self._now(name) not in (seen, self.cleaned_data[name])

    def _row(self, name: str) -> Row:
        label = str(self.fields[name].label)
        return Row(label, _told(self.cleaned_data[name]), _told(self._now(name)))

    def _show_again(self) -> None:
        data = {name: self.data[name] for name in self.data}
        for name in self.fields:
            now, key = self._now(name), self.add_prefix(name)
            written = "" if now is None else str(now)
            data[self.add_initial_prefix(name)] = written
            if name not in self.changed_data:
                data[key] = written
            if data.get(key) == "False":  # a box that is not ticked is not sent
                del data[key]
        self.data = data


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return wording.DASH if value is None else str(value)
