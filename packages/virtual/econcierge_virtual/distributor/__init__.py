"""A sandbox distributor: answers stock and price, takes purchase orders, ships in time, over HTTP."""
