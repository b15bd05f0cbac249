"""Nền Nếp: the working year of an organisation with many levels."""
