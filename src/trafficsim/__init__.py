"""Agent-based simulation of customers moving from public platforms into private traffic pools."""
