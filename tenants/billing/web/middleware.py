"""What every page shares when it asks Stripe something: one measure of time."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tenants.billing import stripe


class StripeTimeMiddleware:
    """Whatever a page asks of Stripe, however often: ten seconds in all, then the page says what it does not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with stripe.within_a_page():
            return self.get_response(request)
