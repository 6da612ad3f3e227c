"""The reference workloads in Ciw: a network of nodes, the balancer a node that takes no time.

In: python peer.py mm8|three-tier N SEED. Out: one line with the requests and their latency in milliseconds. Ciw stops
at the N-th request that has left, and keeps a record of each visit to a node.
"""

import statistics
import sys

import ciw

WEB, CACHE, DATABASE = range(2, 22), 22, 23


class LeastOutstanding(ciw.routing.NodeRouting):
    """To the web server with the fewest requests not yet answered.

    Ciw's own LoadBalancing counts those at the node only.
    """

    def next_node(self, individual):
        outstanding = self.simulation.outstanding
        individual.web = min(WEB, key=outstanding.__getitem__)
        outstanding[individual.web] += 1
        return self.simulation.nodes[individual.web]


class Answer(ciw.routing.NodeRouting):
    """To the database with the probability of a miss, else out."""

    def __init__(self, miss_ratio):
        self.miss_ratio = miss_ratio

    def next_node(self, individual):
        if ciw.rng.random() < self.miss_ratio:
            return self.simulation.nodes[DATABASE]
        self.simulation.outstanding[individual.web] -= 1
        return self.simulation.nodes[-1]


def mm8():
    """The M/M/8 queue."""
    return ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=7.2)],
        service_distributions=[ciw.dists.Exponential(rate=1.0)],
        number_of_servers=[8],
    )


def three_tier():
    """The three tiers."""
    exponential = ciw.dists.Exponential
    times = [ciw.dists.Deterministic(value=0.0)] + [exponential(rate=1 / 12e-3)] * 20
    times += [exponential(rate=1 / 0.15e-3), exponential(rate=1 / 8e-3)]
    routers = [LeastOutstanding()] + [ciw.routing.Direct(to=CACHE) for _ in WEB]
    routers += [Answer(miss_ratio=0.1), Answer(miss_ratio=0.0)]
    return ciw.create_network(
        arrival_distributions=[exponential(rate=2000.0)] + [None] * 22,
        service_distributions=times,
        number_of_servers=[float("inf")] + [2] * 20 + [1, 8],
        routing=ciw.routing.NetworkRouting(routers=routers),
    )


def main():
    workload, requests, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    ciw.seed(seed)
    simulation = ciw.Simulation({"mm8": mm8, "three-tier": three_tier}[workload]())
    simulation.outstanding = dict.fromkeys(WEB, 0)
    simulation.simulate_until_max_customers(requests, method="Finish")
    arrived, left = {}, {}
    for visit in simulation.get_all_records():
        who = visit.id_number
        arrived[who] = min(arrived.get(who, visit.arrival_date), visit.arrival_date)
        left[who] = max(left.get(who, visit.exit_date), visit.exit_date)
    latencies = [left[one.id_number] - arrived[one.id_number] for one in simulation.nodes[-1].all_individuals]
    percentiles = statistics.quantiles(latencies, n=100, method="inclusive")
    p50, p95, p99 = (1e3 * percentiles[percent - 1] for percent in (50, 95, 99))
    mean = 1e3 * statistics.fmean(latencies)
    print(f"requests={len(latencies)} mean_ms={mean:.6f} p50_ms={p50:.6f} p95_ms={p95:.6f} p99_ms={p99:.6f}")


if __name__ == "__main__":
    main()
