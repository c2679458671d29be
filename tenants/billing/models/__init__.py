"""Who owes what: charges, invoices, what is open and what was paid, the bank, reminders, the books."""

from tenants.billing.models.bank import (
    DEBIT_NEXT,
    BankEntry,
    BankStatement,
    Debit,
    DebitBatch,
    DebitState,
)
from tenants.billing.models.books import (
    Books,
    Journal,
    JournalEntry,
    JournalLine,
    LedgerAccount,
    PeriodClose,
)
from tenants.billing.models.charges import Charge, Line, LineKind
from tenants.billing.models.dunning import (
    CollectionPause,
    DunningStep,
    InterestRate,
    PaymentPlan,
    PlanInstalment,
    Reminder,
)
from tenants.billing.models.invoices import (
    RUN_NEXT,
    AwaitedDocument,
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceRun,
    InvoiceVat,
    NumberRange,
    RunState,
)
from tenants.billing.models.receivables import Allocation, Payment, Receivable, Refund

__all__ = [
    "DEBIT_NEXT",
    "RUN_NEXT",
    "Allocation",
    "AwaitedDocument",
    "BankEntry",
    "BankStatement",
    "Books",
    "Charge",
    "CollectionPause",
    "Debit",
    "DebitBatch",
    "DebitState",
    "DunningStep",
    "InterestRate",
    "Invoice",
    "InvoiceDocument",
    "InvoiceLine",
    "InvoiceRun",
    "InvoiceVat",
    "Journal",
    "JournalEntry",
    "JournalLine",
    "LedgerAccount",
    "Line",
    "LineKind",
    "NumberRange",
    "Payment",
    "PaymentPlan",
    "PeriodClose",
    "PlanInstalment",
    "Receivable",
    "Refund",
    "Reminder",
    "RunState",
]
