"""The monitoring service: finds printers, reads them, keeps what is news in a spool, delivers it to the platform.

Light on purpose: the standard library and `econcierge_printers` only, no Qt, no Django, no pydantic.
"""
