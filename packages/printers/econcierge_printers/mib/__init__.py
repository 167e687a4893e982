"""From the objects of Printer-MIB and Host Resources MIB (RFC 3805, RFC 2790) to a `Reading`: pure functions."""
