"""What `lifesign analyze -o` writes: results, diagnostics, faces, enhanced frames and one page that shows them all."""
