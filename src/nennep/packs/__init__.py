"""Packs: the rules of one organisation as data files, read strictly, checked whole and loaded once.

A pack is a folder of CSV and TOML. `schemas` says what each file may hold, `sources` knows where every
value stands in its file, `checks` are the rules between the files, and `reading` turns a folder into one
frozen `Pack` or into the full list of its mistakes. None of these knows the database; `load` writes a
`Pack` into it.
"""
