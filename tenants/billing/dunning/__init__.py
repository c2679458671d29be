"""Collecting what is late: a ladder of letters that a person sends, pauses, plans, costs and interest, handing over."""
