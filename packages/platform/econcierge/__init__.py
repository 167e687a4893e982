"""econcierge, the web platform: portal, consoles, API, gateway and jobs."""
