"""The dealer’s console."""
