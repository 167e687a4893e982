"""What sits in each slot of a printer: the levels as they changed, the cartridge, and the replacements seen."""
