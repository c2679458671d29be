"""The embedded run: PostgreSQL, web, worker and beat of one folder under one supervisor, for a laptop or a trial."""
