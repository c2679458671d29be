"""What the database itself refuses: changes to what is final."""

import pgtrigger


def never_truncated() -> pgtrigger.Trigger:
    """TRUNCATE fires no row trigger: without this it would empty what UPDATE and DELETE may not touch."""
    return pgtrigger.Trigger(
        name="never_truncated",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'invoices are never truncated';",
    )


def final() -> list[pgtrigger.Trigger]:
    """A row is written once: no UPDATE, no DELETE, no TRUNCATE, whoever asks."""
    return [
        pgtrigger.Protect(name="row_is_final", operation=pgtrigger.Update | pgtrigger.Delete),
        never_truncated(),
    ]
