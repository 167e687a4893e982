"""Who owes what: agreements to buy on account and a ledger whose every transaction sums to zero."""
