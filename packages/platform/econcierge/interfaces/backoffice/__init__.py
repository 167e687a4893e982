"""The operator's admin of models, terms, dealers and people."""
