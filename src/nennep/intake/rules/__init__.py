"""Decisions of intake on plain data: what a file is, which cell a quantity belongs to, what may be taken over."""
