"""What is made of finished HTML when a page shows it; the stored HTML stays as the renderer made it."""
