"""Elections made up from a number, small enough that another program could count them all.

`known.json` has their winners as pabutools 1.2.3 finds them (exact fractions, the same rule for ties, shares
raised by one unit as long as the budget bears it): [winners by equal shares, that share, winners by most votes].
Projects that nobody chose are left out of the last: there it buys them too where money is left.
"""

import random
from collections import Counter


def election(seed: int) -> tuple[int, dict[str, int], Counter[frozenset[str]]]:
    """A budget, the projects with their costs, and how many voted for each set of them."""
    chance = random.Random(seed)
    projects = [f"p{number}" for number in range(chance.randint(1, 12))]
    costs = {id: chance.randint(1, 40) * chance.choice((1, 1, 5)) for id in projects}
    budget = max(1, int(sum(costs.values()) * chance.uniform(0.1, 1.2)))
    most = min(5, len(projects))
    ballots = [
        frozenset(chance.sample(projects, chance.randint(0, most)))
        for _ in range(chance.randint(1, 60))
    ]
    return budget, costs, Counter(ballots)
