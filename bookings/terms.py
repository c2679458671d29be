"""On whose wish a booking is changed, and what that means for what it costs."""

from enum import Enum


class Terms(Enum):
    """AGREED: its own people, before it begins, and its end while it runs; what they give up costs what was agreed.

    DESK: staff change it for them, whenever it was; it costs the same. HOUSE: the house asked for it; what is given up
    costs nothing, and the cancellation steps count from the new start.
    """

    AGREED = "agreed"
    DESK = "desk"
    HOUSE = "house"
