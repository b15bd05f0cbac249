"""Who did what, when, in which post and why. Entries are only ever added: the database refuses to change or
delete one, and each unit's entries are chained by their digests so that a change made behind the database's back shows.
"""
