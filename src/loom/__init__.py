"""Reads the text of reports and weaves what many of them say: plain functions, offline, the same answer every time.

It proposes; a person decides.
"""
