"""The pages. Each calls services and queries, and never touches a table."""
