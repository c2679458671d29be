"""Reading a hub from its director's workbook: everything is read and judged first, then stored at once."""
