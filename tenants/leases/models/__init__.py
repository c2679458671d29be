"""Leases as agreed: contracts with their dated terms, fixed half-days, indexation, service costs."""

from tenants.leases.models.contracts import (
    Lease,
    LeaseLine,
    LeaseShare,
    LeaseTerms,
    RentDiscount,
    RentPeriod,
)
from tenants.leases.models.drafts import LeaseDraft
from tenants.leases.models.half_days import FixedDayPart, GivenBack
from tenants.leases.models.indexations import CpiFigure, Indexation
from tenants.leases.models.papers import BreakOption, LeaseDocument, Security
from tenants.leases.models.service_costs import (
    SETTLEMENT_NEXT,
    MeterReading,
    ServiceAdvance,
    ServiceCost,
    ServiceType,
    Settlement,
    SettlementShare,
    SettlementState,
)
from tenants.leases.models.uploads import Upload

__all__ = [
    "SETTLEMENT_NEXT",
    "BreakOption",
    "CpiFigure",
    "FixedDayPart",
    "GivenBack",
    "Indexation",
    "Lease",
    "LeaseDocument",
    "LeaseDraft",
    "LeaseLine",
    "LeaseShare",
    "LeaseTerms",
    "MeterReading",
    "RentDiscount",
    "RentPeriod",
    "Security",
    "ServiceAdvance",
    "ServiceCost",
    "ServiceType",
    "Settlement",
    "SettlementShare",
    "SettlementState",
    "Upload",
]
