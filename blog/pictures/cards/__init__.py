"""Social cards: what a shared article shows where it has no picture of its own."""
