"""How a dealer's distributor carries out an order: stock, purchase orders, shipments.

A purchase order's number is its key: whatever happens to a request, asking again cannot order twice."""
