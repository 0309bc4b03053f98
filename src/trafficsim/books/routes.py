"""Routes of contacts: how the brand reaches a customer for the first time, and later."""

ORGANIC, PAID, STORE, TOLD, INVITED, STAFF, START, POOL = range(8)
TOUCHES = ("organic", "paid", "store", "told", "invited", "staff", "start", "pool")
"""All routes by their codes (column `last_touch`); a post read in a pool is a later contact only."""
ROUTES = TOUCHES[:POOL]
"""Routes of a first contact (column `route`)."""
