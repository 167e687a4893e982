"""Episodes of a supply: low once and almost empty once in a cartridge's life (R13), and who is told."""
