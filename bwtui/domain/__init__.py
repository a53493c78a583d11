"""What the setup is: plain values and pure functions, standard library only."""
