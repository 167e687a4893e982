"""Repairs: requests with the coverage decision of that moment, authorised providers, visits."""
