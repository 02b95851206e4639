"""``python3 dev bench``: the engine measured beside the floor under it, in one run and one database."""
