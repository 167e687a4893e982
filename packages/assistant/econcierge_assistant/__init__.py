"""The Supplies Assistant: monitoring service (no Qt) and desktop application. Never Django."""

__version__ = "0.1.0"  # of all that one installer carries; pyproject.toml says the same, and a test holds them together
