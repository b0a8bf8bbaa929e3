"""Changes of the rendered HTML that are made when a page shows it; the stored HTML stays as it is."""
