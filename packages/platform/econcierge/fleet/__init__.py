"""A customer's sites, printers and assistants, and which printer a reading belongs to, whatever its address."""
