"""One index of everything that has words: who asks finds what they may see, exact accents first.

The index holds no truth. Each area puts its things here when it changes them and the whole can be thrown away and
built again.
"""
