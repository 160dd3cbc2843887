"""The pure core: values in, values out. No clock, no chance, no files, no network, no threads."""
