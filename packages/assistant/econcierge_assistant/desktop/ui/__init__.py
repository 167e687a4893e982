"""Qt widgets: they listen to the session, show what `core` decides, and say what a person did. No rules here."""
