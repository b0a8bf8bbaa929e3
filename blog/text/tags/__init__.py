"""The names of tags."""
