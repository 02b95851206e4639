"""``python3 dev upgrade``: a database made by an old version is updated to this code and goes on walking."""
