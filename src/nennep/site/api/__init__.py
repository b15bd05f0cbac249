"""The programs' face, `/api/v1/`: reads what a person may read, hands in what their unit may hand in.

Who calls is known by a personal token alone (`door`); what may be called stands in the access table like every other
address. Figures are decimal strings, never floats; what is refused comes back as one shape of problem (`problems`).
"""
