"""Canadian French: 23 novembre 2026, 14 h 30, 1 234,50."""
