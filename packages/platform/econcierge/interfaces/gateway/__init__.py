"""Where assistants deliver their reports."""
