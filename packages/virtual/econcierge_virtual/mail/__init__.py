"""A mail catcher: takes every message over SMTP, delivers none, shows them on a page."""
