"""What Stripe says when it does not do what was asked."""

from typing import Any


class Refused(Exception):
    """An answer that is an error, in Stripe's own words and shape."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str = "",
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": kind, "message": message, **({"code": code} if code else {}), **more}

    @property
    def body(self) -> dict[str, Any]:
        """As it goes over the wire."""
        return {"error": self.error}


def missing(kind: str, name: str, *, param: str) -> Refused:
    """There is no such thing."""
    status = 404 if param in {"id", "intent"} else 400
    return Refused(f"No such {kind}: '{name}'", status=status, code="resource_missing", param=param)
