"""Plans, programmes and calendars: what a directive's clauses become, who does what by when, and what came of it.

Every task keeps what it carries out (clauses) and what it details (the longer or higher task). An approved plan is
frozen as a version, and what changed since any day can be read. Targets are compared with the figures reported.
"""
