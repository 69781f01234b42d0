"""What other software asks for: one module for each protocol."""
