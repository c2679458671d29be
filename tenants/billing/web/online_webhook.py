"""Where Stripe rings: what it signed is kept and answered at once; a worker looks at it after that."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from tenants.billing import stripe, tasks
from tenants.billing.online import inbox

MOST_BYTES = 1_048_576


@csrf_exempt  # its signature is what a form's token is for a person
def webhook(request: HttpRequest) -> HttpResponse:
    """200 for what is of Stripe, whatever it is about and however often it comes; else 400, and nothing is written."""
    if len(request.body) > MOST_BYTES:
        return HttpResponseBadRequest()
    try:
        payload = stripe.read_event(request.body, request.headers.get("Stripe-Signature", ""))
        inbox.store(payload, now=timezone.now())
    except (stripe.BadSignature, inbox.NotAnEvent):
        return HttpResponseBadRequest()
    tasks.wake("bookings.tasks.handle_stripe_events")
    return HttpResponse()
