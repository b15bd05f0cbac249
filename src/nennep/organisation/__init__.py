"""Units, posts and appointments, true from date to date; and authority, which comes from holding a post on a day
and reaches the post's unit and what lies under it.
"""
