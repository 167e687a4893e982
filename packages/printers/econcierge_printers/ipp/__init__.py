"""Printers over IPP (RFC 8010, RFC 8011, PWG 5100.13): Get-Printer-Attributes, asked over HTTP and decoded."""
