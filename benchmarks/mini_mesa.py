"""The mini model in Mesa, as Mesa's tutorials teach it: one object per customer, activated in random order each day."""

import math
from typing import Literal

import mesa

from benchmarks.mini import Numbers, Outcome, posts_today
from trafficsim.population.ties import Ties

Order = Literal["shuffle_do", "do"]


class Customer(mesa.Agent):
    """A customer; see `mini.py` for the rules."""

    model: "MiniMesa"

    def __init__(self, model: "MiniMesa") -> None:
        super().__init__(model)
        p, random = model.p, model.random
        self.need_rate = random.expovariate(p.days_between_needs)
        self.open_chance = p.open_rate * random.expovariate(1.0)
        self.fit = random.uniform(p.fit - p.fit_spread, p.fit + p.fit_spread)
        self.taste = random.random()
        self.salience = 0.0
        self.trust = p.trust
        self.member = random.random() < p.members_at_start
        self.acquaintances: list[Customer] = []

    def step(self) -> None:
        """One day, up to buying."""
        model, p = self.model, self.model.p
        draw = model.random.random
        self.salience *= p.daily_memory
        met = draw() < p.visit and draw() < p.reach
        if met:
            self.impress(p.seen)
        if model.pool_posts and self.member and draw() < self.open_chance:
            self.impress(p.read)
        if met and not self.member:
            self.be_asked()
        self.purchase()

    def impress(self, share: float) -> None:
        """Close a share of the gap of salience."""
        self.salience += share * (1.0 - self.salience)

    def be_asked(self) -> None:
        """Join or not."""
        p = self.model.p
        self.member = self.taste < logistic(p.hook + p.hook_per_trust * self.trust + p.hook_per_fit * (self.fit - 0.5))

    def purchase(self) -> None:
        """Needs arise one after another, and each is decided."""
        bought = False
        time = self.model.random.expovariate(self.need_rate)
        while time < 1.0:
            bought = self.decide() or bought
            time += self.model.random.expovariate(self.need_rate)
        if bought:
            self.model.buyers.append(self)

    def decide(self) -> bool:
        """Order or not."""
        p, draw = self.model.p, self.model.random.random
        logits = p.choice + p.choice_per_fit * (self.fit - 0.5) + p.choice_per_trust * self.trust
        if draw() >= self.salience or draw() >= logistic(logits):
            return False
        self.salience = 1.0
        self.trust += p.trust_step * (p.satisfaction(self.fit) - self.trust)
        self.model.orders += 1
        return True

    def tell(self) -> None:
        """Tell acquaintances about what was bought today."""
        p, draw = self.model.p, self.model.random.random
        chance = p.tell * 2.0 * (p.satisfaction(self.fit) - 0.5)
        for acquaintance in self.acquaintances:
            if draw() < chance:
                acquaintance.impress(p.told)
                self.model.told += 1


class MiniMesa(mesa.Model):
    """The mini model; `order` is the way in which Mesa activates customers (`do`: always in the same order)."""

    def __init__(self, ties: Ties, p: Numbers, seed: int, order: Order = "shuffle_do") -> None:
        super().__init__(rng=seed)
        self.p, self.day, self.pool_posts = p, 0, False
        self.buyers: list[Customer] = []
        self.orders = self.told = 0
        Customer.create_agents(self, ties.customers)
        self.activate = getattr(self.agents, order)
        customers = list(self.agents)
        for i, customer in enumerate(customers):
            customer.acquaintances = [customers[k] for k in ties.of(i)]

    def step(self) -> None:
        """One day."""
        self.pool_posts = posts_today(self.day)
        self.buyers = []
        self.activate("step")
        for buyer in self.buyers:
            buyer.tell()
        self.day += 1

    def run(self, days: int) -> None:
        """Let so many days pass."""
        for _ in range(days):
            self.step()

    def outcome(self) -> Outcome:
        """What has happened so far."""
        return Outcome(sum(customer.member for customer in self.agents), self.orders, self.told)


def logistic(logits: float) -> float:
    """The chance that logits stand for."""
    return 1.0 / (1.0 + math.exp(-logits))
