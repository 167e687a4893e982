"""Canadian English: November 23, 2026, 2:30 p.m., 1,234.50."""
