"""Making a lease and changing it: each deed is drafted, shown in words and euros, and confirmed."""
