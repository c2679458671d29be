"""The roof: how an installation is put together. It may import every floor; no floor imports it."""
