"""The record of who did what, when: rows are added and never changed nor deleted."""
