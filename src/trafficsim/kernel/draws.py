"""The numbers of draws, listed by the key to which they belong: no two of one key are the same.

A key belongs to a name (see `rng.stream`): a hook's, a place's, a mechanism's. `rng.day_key(key, day, draw)` is of one
day, `rng.word(key, draw)` lasts for the run. A new draw is added at the end, so that those before keep their numbers.
"""

# Of a place.
VISIT, ADDS, PERK, PLACE_ROUNDING, JOIN_CHANCE = range(5)
# Of the day's key of a pool, when those who wish to join are put in order.
JOIN_QUEUE = 0
# Of a slot in a store, and of the day's key of a store's seats.
SEAT_QUEUE, FLEXIBLE, OTHER_SLOT, ROOM, SEAT_CHANCE = range(5)
# Of a hook; a word of mouth that carries it draws from the same key.
TASTE, INVITE, INVITER, HEED, HOOK_COST, REWARD = range(6)
# Of an advertisement.
NOTICE, SHOWN = range(2)
# Of a post.
READ, STIR, STIR_DELAY, SENT = range(4)
# Of one of the staff.
FRIENDS, SEEN = range(2)
# Of `purchasing`, and of a need that is decided.
NEED, DELAY, REPAY, DECIDE = range(4)
RECALL, CHOICE, CHANNEL, HANDOVER, SLOT = range(5)
# Of the product: where parts of a cent go.
PARTS = 0
# Of `leaving` in a pool.
QUITTING, RESERVATION, POACHING, FOLDING, UNFOLDING, TAKING = range(6)
# Of `win_back` in a pool.
ASK, ORDER, ASK_TASTE, ASK_COST, ASK_CHANCE = range(5)
# Of `word_of_mouth`.
TELL, WHO = range(2)
# Of KOC and KOL, on a day and for the run.
TIE_BREAK, ROLE_ROUNDING, REACH, STAR = range(4)
PAY = 2
# Of partners.
OPT_IN = 0
# Of a tier.
TIER_PERK = 0
# Of a kind of care.
CARE_TURN, CARE_ANSWER, CARE_COST = range(3)
# Of `memory`, for the run, and with the day on which memories were last brought up to date.
DRIFT_RATE, DRIFT, RETURN = range(3)  # of times after the first, RETURN + 1 and on
