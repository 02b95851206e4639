"""``python3 dev faults``: real processes killed at bad moments; nothing may be lost or done twice."""
