"""Who the customers are when a run begins, and who knows whom."""
