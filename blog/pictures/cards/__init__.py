"""Social cards: the pictures that social networks show with an article that has no picture of its own."""
