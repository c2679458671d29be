"""The books: the chart of accounts, the journal, what leaves for the accountant, and closing a period."""
