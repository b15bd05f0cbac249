"""Files in, figures proposed: what arrives as Word, PDF, text or workbook is read, kept as it came, matched with the
form's cells, and shown; a person confirms, corrects or drops each proposal, and only then is the draft written.
"""
