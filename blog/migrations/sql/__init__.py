"""What the initial migration makes that Django has no operation for."""
