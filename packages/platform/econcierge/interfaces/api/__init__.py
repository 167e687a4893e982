"""REST for customers and dealers."""
