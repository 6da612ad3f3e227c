"""Compares what came to a server with what was expected. In: the list of the server, and rates.csv. Out: 0 if they agree, 1 and the reason if
not."""

import csv
import math
import sys
from collections import Counter

with open(sys.argv[1]) as log:
    came = [(float(at), method, path.strip("/")) for at, method, path in (line.split() for line in log)]
with open(sys.argv[2]) as table:
    rows = list(csv.DictReader(table))
expected = {name: sum(float(row[name]) for row in rows) for name in rows[0] if name != "at_s"}
found = Counter(name for _, _, name in came)


def near(what, count, mean):
    # Poisson counts lie so near to their mean in all but one of some 16,000 cases.
    if abs(count - mean) > 4 * math.sqrt(mean):
        sys.exit(f"failed: {count} of {what}, expected {mean:.1f}")


for name, mean in expected.items():
    near(name, found[name], mean)
if {method for _, method, name in came if name == "order"} != {"POST"}:
    sys.exit("failed: an order is a POST")
# Six users who think for half a second and wait for 20 ms.
near("find", found["find"], 6 * 12 / 0.52)
# A ramp to five seconds, of which three quarters come in the second half, and nothing after it; a level from seven on.
early = [at for at, _, name in came if name == "early"]
late = [at for at, _, name in came if name == "late"]
begin = max(early) - 5
near("early in its first half", sum(at - begin < 2.5 for at in early), expected["early"] / 4)
# Two may come out of turn: a machine that stands still for a moment is no fault of the script.
first, last = sorted(late)[2] - begin, sorted(late)[-3] - begin
if not 6.5 < first < 8.0 or last > 12.5:
    sys.exit(f"failed: from {first:.2f} s to {last:.2f} s came late ones")
print(f"Locust: {len(came)} requests, as expected")
