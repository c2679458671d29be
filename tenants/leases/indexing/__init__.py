"""Indexation of rents: the figures, the formula, the proposal, and what follows when the director agrees."""
