"""How numbers are written where a form or a template writes them."""
