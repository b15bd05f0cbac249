"""The decisions of reporting, on plain data: periods, numbers, contents, checks, and the moves of a report."""
