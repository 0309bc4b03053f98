"""What mechanisms share: memory, roles, room in pools and stores, and what those of one's own declare."""
