"""The meaning of each problem, and the advice on it."""
