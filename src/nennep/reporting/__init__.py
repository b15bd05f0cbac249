"""Indicators, forms, duties and periods; reports that move up the tree as immutable versions, are returned or
accepted, and are sealed when the books are closed.
"""
