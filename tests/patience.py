"""How long a test waits for what must come."""

PATIENCE = 120  # seconds; only a test that would hang for ever waits so long, however busy the machine is
