"""Measurements of bwtui beside yardsticks; run by hand, never installed."""
