"""HTTP: nothing but `cli` imports this."""
