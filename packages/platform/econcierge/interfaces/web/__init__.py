"""The pages: portal, dealer's and operator's consoles, provider's list."""
