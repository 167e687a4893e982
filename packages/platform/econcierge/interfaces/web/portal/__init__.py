"""The customer’s pages, shared with its dealer and the operator where they may look."""
