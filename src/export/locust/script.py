import bisect
import itertools
import math
import random
import time

import gevent
from locust import FastHttpUser, LoadTestShape, events, task
from locust.contrib.fasthttp import FastHttpSession

# EDIT THIS: what a request of each class is. The scenario knows no more of it than its method and, of some, its path.
CLASSES = @CLASSES@

# How clients of each source behave: how long they wait for an answer, and how often they try again.
CLIENTS = @CLIENTS@

# Open traffic: source, class, and the rate over time: [seconds, requests per second], straight lines between.
STREAMS = @STREAMS@

# Users: how many over time, [seconds, users], straight lines between; how they think; what they ask for.
USERS = @USERS@

DURATION_S = @DURATION_S@
# A Locust user who waits for an answer sends nothing else. So there are as many as can wait for answers at the highest rate, for so
# many seconds each. If answers take longer than that, requests come late: then make it longer.
HELD_S = @HELD_S@
# The time in which all of them begin, before the test itself.
BEGIN_S = 3.0
# How long a user who has nothing to send sleeps at most before the rate is looked at again.
STEP_S = 0.25


def line(knots):
    """A function of time: straight lines between knots, and after a step what follows it."""
    times = [knot[0] for knot in knots]

    def at(t):
        after = bisect.bisect_right(times, t)
        if after == 0:
            return knots[0][1]
        if after == len(knots):
            return knots[-1][1]
        (t0, y0), (t1, y1) = knots[after - 1], knots[after]
        return y0 + (y1 - y0) * (t - t0) / (t1 - t0)

    return at


RATES = [line(knots) for _, _, knots in STREAMS]
COUNTS = [line(of["count"]) for of in USERS]
# At a knot a rate may step up: the peak is that of a knot.
PEAK = sum(max((knot[1] for knot in knots), default=0) for _, _, knots in STREAMS)
SENDERS = math.ceil(PEAK * HELD_S) if STREAMS else 0


class Clock:
    """The time since the test began: after all senders have."""

    start = None

    @classmethod
    def now(cls):
        return -1.0 if cls.start is None else time.monotonic() - cls.start - BEGIN_S


@events.test_start.add_listener
def begin(**_):
    Clock.start = time.monotonic()


# Draws from laws of time, in seconds.
def phases(count, mean):
    return sum(random.expovariate(1.0) for _ in range(count)) * mean


def lognormal(mu, sigma):
    return random.lognormvariate(mu, sigma)


def uniform(low, width):
    return low + width * random.random()


def one_of(values):
    return random.choice(values)


def pause(client, tries):
    """Exponential backoff up to a cap, with jitter."""
    longest = min(client["backoff_s"] * 2**tries, client["cap_s"])
    if client["jitter"] == "full":
        return longest * random.random()
    if client["jitter"] == "equal":
        return longest * (1 + random.random()) / 2
    if client["jitter"] == "exponential":
        return phases(1, longest)
    return longest


# Users in the order in which they began. The first ones are senders of open traffic, the others the users of the scenario.
ALIVE = []
NUMBERS = itertools.count()


class Client(FastHttpUser):
    host = @BASE_URL@

    def on_start(self):
        self.number = next(NUMBERS)
        self.begun = False
        # Up to when its turns have come, and how much of the rate is left until the next one.
        self.at, self.left = 0.0, random.expovariate(1.0)
        self.sessions = {}
        ALIVE.append(self.number)

    def on_stop(self):
        ALIVE.remove(self.number)

    def session(self, source):
        """The connections of a source, with its timeout: how long a connection may be silent."""
        if source not in self.sessions:
            timeout = CLIENTS[source]["timeout_s"]
            self.sessions[source] = FastHttpSession(
                base_url=self.host,
                request_event=self.environment.events.request,
                user=self,
                network_timeout=timeout,
                connection_timeout=timeout,
            )
        return self.sessions[source]

    @task
    def act(self):
        rank = bisect.bisect_left(ALIVE, self.number)
        if rank < SENDERS:
            return self.send()
        if Clock.now() < 0.0:
            return gevent.sleep(min(-Clock.now(), STEP_S))
        if Clock.now() >= DURATION_S:
            return gevent.sleep(STEP_S)
        rank -= SENDERS
        for of, count in zip(USERS, COUNTS):
            here = round(count(Clock.now()))
            if rank < here:
                return self.use(of)
            rank -= here
        # More of them than there are to be at the moment.
        gevent.sleep(STEP_S)

    def send(self):
        """Sends one request when its turn comes: each sender is a Poisson process with its part of the rate. What came due while it waited for
        an answer is sent at once."""
        while True:
            now = min(Clock.now(), DURATION_S)
            if now < 0.0:
                gevent.sleep(min(-now, STEP_S))
                continue
            rates = [rate((self.at + now) / 2) for rate in RATES]
            own = sum(rates) / SENDERS
            self.left -= own * (now - self.at)
            self.at = now
            if own > 0.0:
                self.rates = rates
            if self.left <= 0.0:
                self.left += random.expovariate(1.0)
                source, name, _ = random.choices(STREAMS, self.rates)[0]
                return self.ask(name, source)
            if now >= DURATION_S:
                # Not the end of this user: hundreds that stop at once keep Locust so busy that what is due now would be sent a second late.
                return gevent.sleep(STEP_S)
            gevent.sleep(min(self.left / own if own > 0.0 else STEP_S, STEP_S, DURATION_S - now))

    def use(self, of):
        """Thinks, asks, and waits for the answer."""
        if self.begun or of["thinks_first"]:
            gevent.sleep(of["think"]())
        self.begun = True
        names, shares = zip(*of["classes"])
        if Clock.now() < DURATION_S:
            self.ask(random.choices(names, shares)[0], of["name"])

    def ask(self, name, source):
        what, client = CLASSES[name], CLIENTS[source]
        for tries in itertools.count():
            answer = self.session(source).request(
                what["method"],
                what["path"],
                name=name,
                data=what["body"],
                headers=what["headers"],
                allow_redirects=False,
            )
            failed = answer.status_code == 0 or answer.status_code >= 500
            if not failed or tries >= client["retries"]:
                return
            gevent.sleep(pause(client, tries))


class Shape(LoadTestShape):
    def tick(self):
        now = self.get_run_time() - BEGIN_S
        # A little longer, for the answers of the last requests.
        if now >= DURATION_S + HELD_S:
            return None
        users = SENDERS + sum(round(count(max(now, 0.0))) for count in COUNTS)
        return users, max(users, 1)
