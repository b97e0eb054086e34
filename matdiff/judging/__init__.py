"""Deciding whether two formulas are equal, and whether a claimed derivative is right.

Loaded when a claim is first judged: most commands judge none.
"""
