"""The Supplies Assistant: monitoring service (no Qt) and desktop application. Never Django."""
