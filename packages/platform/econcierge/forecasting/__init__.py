"""Pure arithmetic: levels in, days left with a range out."""
