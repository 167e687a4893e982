"""The `econcierge` command's groups: read the input, call one thing, print the answer."""
