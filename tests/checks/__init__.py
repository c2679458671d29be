"""What `make check` and `make messages` do beyond the tools' own: run as `python -m tests.checks.NAME`."""
