"""Paying a booking when it is made: on the page of the bank, and always as one booking paid once, or none and no money.

While somebody pays, the booking is PAYING: its spaces are claimed without an end, because only the payment service
knows whether they have just paid. So the page is closed there first, and only then the time is free for others.
"""
