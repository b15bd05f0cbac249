"""People, how they sign in, and the tokens with which their programs read and submit."""
