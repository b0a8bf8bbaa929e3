"""The checks whose findings block publication."""
