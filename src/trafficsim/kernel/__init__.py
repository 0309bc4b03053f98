"""What steps are made of: columns, records of settings, blocks of customers, random numbers."""
