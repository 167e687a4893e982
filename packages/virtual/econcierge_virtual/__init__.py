"""Virtual printers, distributor and mail catcher that speak the real protocols: demo and tests."""
