"""Settings, addresses and wiring: the one place that knows all the others."""
