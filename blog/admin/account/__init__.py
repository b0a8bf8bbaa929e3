"""How people come to the desk: locks, second factor, sessions and new passwords."""
