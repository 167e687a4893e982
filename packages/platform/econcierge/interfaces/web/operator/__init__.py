"""The operator’s console."""
