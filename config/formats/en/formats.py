"""English pages write numbers as Dutch ones do: they stand beside amounts in euros, which read alike in both."""

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
