"""The open items of the old books: what parties still have to pay, and until when rent was asked there."""
