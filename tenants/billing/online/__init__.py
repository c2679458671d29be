"""Paying online: attempts at Stripe, what became of them, and the books that follow."""
