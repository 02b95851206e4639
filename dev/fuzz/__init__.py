"""``python3 dev fuzz``: random scenarios, people, clicks and troubles; what the spec promises is checked after each."""
