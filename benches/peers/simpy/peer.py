"""The reference workloads in SimPy: a process for each request, a Resource for each station.

In: python peer.py mm8|three-tier N SEED. Out: one line with the requests and their latency in milliseconds.
"""

import random
import statistics
import sys

import simpy


class Web:
    """A web server of two cores, and how many requests it has not yet answered."""

    def __init__(self, environment):
        self.cores = simpy.Resource(environment, capacity=2)
        self.outstanding = 0


def serve(environment, station, mean):
    """Waits for a server of the station and keeps it for an exponential time."""
    with station.request() as server:
        yield server
        yield environment.timeout(random.expovariate(1 / mean))


def mm8(environment, latencies):
    """The M/M/8 queue: arrivals a second, and what happens to a request."""
    desk = simpy.Resource(environment, capacity=8)

    def visit():
        arrived = environment.now
        yield from serve(environment, desk, 1.0)
        latencies.append(environment.now - arrived)

    return 7.2, visit


def three_tier(environment, latencies):
    """The three tiers: arrivals a second, and what happens to a request."""
    servers = [Web(environment) for _ in range(20)]
    cache = simpy.Resource(environment, capacity=1)
    database = simpy.Resource(environment, capacity=8)

    def page():
        arrived = environment.now
        web = min(servers, key=lambda server: server.outstanding)
        web.outstanding += 1
        yield from serve(environment, web.cores, 12e-3)
        yield from serve(environment, cache, 0.15e-3)
        if random.random() >= 0.9:
            yield from serve(environment, database, 8e-3)
        web.outstanding -= 1
        latencies.append(environment.now - arrived)

    return 2000.0, page


def main():
    workload, requests, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    random.seed(seed)
    environment, latencies = simpy.Environment(), []
    rate, request = {"mm8": mm8, "three-tier": three_tier}[workload](environment, latencies)

    def arrivals():
        for _ in range(requests):
            yield environment.timeout(random.expovariate(rate))
            environment.process(request())

    environment.process(arrivals())
    environment.run()
    percentiles = statistics.quantiles(latencies, n=100, method="inclusive")
    p50, p95, p99 = (1e3 * percentiles[percent - 1] for percent in (50, 95, 99))
    mean = 1e3 * statistics.fmean(latencies)
    print(f"requests={len(latencies)} mean_ms={mean:.6f} p50_ms={p50:.6f} p95_ms={p95:.6f} p99_ms={p99:.6f}")


if __name__ == "__main__":
    main()
