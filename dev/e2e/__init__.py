"""``python3 dev e2e``: a real server, a real mail server, and an outside program that lives through a scenario."""
