"""Pure functions, text in and text out: no database, no settings, no request."""
