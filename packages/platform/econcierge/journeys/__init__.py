"""What crosses domains, one module a journey: each calls operations in order, in one transaction."""
