"""Pages that open from a link in a mail, without a sign-in: each confirms one thing with one button."""
