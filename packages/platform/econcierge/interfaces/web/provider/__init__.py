"""The service provider’s list."""
