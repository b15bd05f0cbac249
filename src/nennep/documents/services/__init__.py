"""The acts of documents: drafting, the route, dispatch, registers, what comes in, clauses."""
