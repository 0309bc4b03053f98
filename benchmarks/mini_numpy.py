"""The mini model in NumPy, tuned: single precision, one draw for all, then only the indices of those concerned."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.mini import Numbers, Outcome, posts_today
from trafficsim.population.ties import Ties

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


class MiniNumpy:
    """The mini model; see `mini.py` for its rules."""

    def __init__(self, ties: Ties, p: Numbers, seed: int) -> None:
        n = ties.customers
        self.rng, self.p, self.ties, self.day = np.random.default_rng(seed), p, ties, 0
        need_rate = self.rng.standard_exponential(n, np.float32) / np.float32(p.days_between_needs)
        self.need_rate, self.need_chance = need_rate, -np.expm1(-need_rate)
        self.open_chance = p.open_rate * self.rng.standard_exponential(n, np.float32)
        self.fit = np.float32(p.fit - p.fit_spread) + np.float32(2.0 * p.fit_spread) * self.draws(n)
        self.taste = self.draws(n)
        self.salience = np.zeros(n, np.float32)
        self.trust = np.full(n, p.trust, np.float32)
        self.member = self.draws(n) < p.members_at_start
        self.members = np.flatnonzero(self.member)
        self.orders = self.told = 0

    def draws(self, n: int) -> Floats:
        """Uniform draws, shape `(n,)`."""
        return self.rng.random(n, np.float32)

    def run(self, days: int) -> None:
        """Let so many days pass."""
        for _ in range(days):
            self.step()

    def step(self) -> None:
        """One day."""
        self.salience *= np.float32(self.p.daily_memory)
        met = self.visit()
        if posts_today(self.day):
            readers = self.members[self.draws(self.members.size) < self.open_chance[self.members]]
            self.impress(readers, self.p.read)
        self.ask(met[~self.member[met]])
        self.tell(self.purchase())
        self.day += 1

    def visit(self) -> Indices:
        """Who comes to the platform and meets the post there."""
        visitors = np.flatnonzero(self.draws(self.salience.size) < np.float32(self.p.visit))
        met = visitors[self.draws(visitors.size) < np.float32(self.p.reach)]
        self.impress(met, self.p.seen)
        return met

    def impress(self, who: Indices, share: float) -> None:
        """Close a share of the gap of salience; nobody stands in `who` twice."""
        self.salience[who] += np.float32(share) * (np.float32(1.0) - self.salience[who])

    def ask(self, who: Indices) -> None:
        """Ask them to join; takers become members."""
        p = self.p
        logits = p.hook + p.hook_per_trust * self.trust[who] + p.hook_per_fit * (self.fit[who] - 0.5)
        takers = who[self.taste[who] < 1.0 / (1.0 + np.exp(-logits))]
        self.member[takers] = True
        self.members = np.concatenate([self.members, takers])

    def purchase(self) -> Indices:
        """Needs arise and are decided one after another; who bought today."""
        who = np.flatnonzero(self.draws(self.salience.size) < self.need_chance)
        needs = self.needs_of(self.need_rate[who])
        buyers = []
        while who.size:
            buyers.append(self.decide(who))
            needs -= 1
            who, needs = who[needs > 0], needs[needs > 0]
        return np.unique(np.concatenate(buyers)) if buyers else who

    def needs_of(self, rates: Floats) -> NDArray[np.int64]:
        """How many needs arise for those who have at least one: a Poisson number, given that it is not 0.

        The first need of the day comes after an exponential time, cut off at the end of the day; the further ones are
        those of the rest of the day.
        """
        u = self.draws(rates.size)
        first = -np.log1p(u * np.expm1(-rates))  # in units of the mean time between needs
        return 1 + self.rng.poisson(np.maximum(rates - first, 0.0))

    def decide(self, who: Indices) -> Indices:
        """One need of each of them; who orders."""
        p = self.p
        who = who[self.draws(who.size) < self.salience[who]]
        logits = p.choice + p.choice_per_fit * (self.fit[who] - 0.5) + p.choice_per_trust * self.trust[who]
        buyers = who[self.draws(who.size) < 1.0 / (1.0 + np.exp(-logits))]
        self.salience[buyers] = 1.0
        self.trust[buyers] += np.float32(p.trust_step) * (self.satisfaction(buyers) - self.trust[buyers])
        self.orders += buyers.size
        return buyers

    def satisfaction(self, who: Indices) -> Floats:
        """How good the product is to them."""
        quality = np.float32(self.p.quality)
        worth: Floats = quality * (np.float32(0.4) + np.float32(0.8) * self.fit[who])
        return np.minimum(worth, np.float32(1.0))

    def tell(self, buyers: Indices) -> None:
        """Buyers tell acquaintances; several may tell the same one."""
        starts = self.ties.indptr[buyers]
        counts = self.ties.indptr[buyers + 1] - starts
        ends = np.cumsum(counts)
        edges = np.arange(counts.sum()) + np.repeat(starts - (ends - counts), counts)
        chances = np.repeat(self.p.tell * 2.0 * np.maximum(self.satisfaction(buyers) - 0.5, 0.0), counts)
        heard = self.ties.indices[edges[self.draws(edges.size) < chances]]
        who, times = np.unique(heard, return_counts=True)
        self.salience[who] = 1.0 - (1.0 - self.salience[who]) * (1.0 - self.p.told) ** times
        self.told += heard.size

    def outcome(self) -> Outcome:
        """What has happened so far."""
        return Outcome(self.members.size, self.orders, self.told)
