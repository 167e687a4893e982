"""Doors to the outside. They translate: input to plain values, one call inwards, result or error back."""
