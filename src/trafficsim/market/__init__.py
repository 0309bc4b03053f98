"""What a scenario speaks of: customers, places, days, quantities and money."""
