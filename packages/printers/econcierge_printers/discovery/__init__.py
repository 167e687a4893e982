"""Finds printers on a network: which addresses, asked how fast, and who of those that answer is a printer."""
