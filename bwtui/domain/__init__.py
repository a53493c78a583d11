"""The setup itself: plain values and pure functions, standard library only. At its root is the catalogue of steps.

The values are named tuples, given by keyword: making as many dataclasses took a quarter of the time of `bwtui plan`.
"""
