"""The decisions of synthesis, on plain data: drafts, groups of statements, and words against numbers."""
