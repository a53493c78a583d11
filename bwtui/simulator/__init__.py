"""A faithful Bandwidth account on loopback, for trying and testing without one."""
