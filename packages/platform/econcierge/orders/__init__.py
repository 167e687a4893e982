"""Orders of supplies: lines, prices, taxes, and an order's life from placed to delivered."""
