"""Official papers: what a paper of the state or of the party says and how it must look, and its rendering.

A `Paper` is plain data whose figures remember where they came from; the measures are one dated `Layout` that cites
its decree; each renderer turns the same paper into one kind of file (DOCX, PDF) and decides nothing of its own. Tables
alone become sheets (XLSX, CSV). A DOCX is written into a Word template, which an administrator may replace from a
day on.
"""
