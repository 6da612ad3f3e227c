"""Reads two files of OpenMetrics with prometheus_client and holds them against an outcome.json.

In: outcome.json, the figures of the end, the timeline. Out: how many samples there are, or an AssertionError.
"""

import json
import math
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

START = 1795770000  # 2026-11-27T09:00:00Z


def families(path):
    with open(path, encoding="utf-8") as file:
        return {family.name: family for family in text_string_to_metric_families(file.read())}


def only(family, **labels):
    found = [sample for sample in family.samples if all(sample.labels.get(key) == value for key, value in labels.items())]
    assert len(found) == 1, (family.name, labels, len(found))
    return found[0].value


def close(one, other):
    assert math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12), (one, other)


def last(family, **labels):
    found = [sample for sample in family.samples if all(sample.labels.get(key) == value for key, value in labels.items())]
    return max(found, key=lambda sample: float(sample.timestamp)).value


outcome_path, end_path, rows_path = sys.argv[1:]
with open(outcome_path, encoding="utf-8") as file:
    outcome = json.load(file)

end = families(end_path)
for key in ("arrived", "completed", "failed"):
    close(only(end["simcap_run_" + key]), outcome["requests"][key])
for cause, count in outcome["requests"]["failed_by_cause"].items():
    close(only(end["simcap_run_requests_failed"], cause=cause), count)
for verdict in outcome["objectives"]:
    assert only(end["simcap_run_objective_met"], objective=verdict["objective"]) == verdict["met"]
assert all(sample.timestamp is None for family in end.values() for sample in family.samples)

rows = families(rows_path)
close(last(rows["simcap_offered"]), outcome["requests"]["arrived"])
close(last(rows["simcap_completed"]), outcome["requests"]["completed"])
for cause, count in outcome["requests"]["failed_by_cause"].items():
    close(last(rows["simcap_failed"], cause=cause), count)
series = {}
for family in rows.values():
    for sample in family.samples:
        at = float(sample.timestamp)
        assert at >= START
        points = series.setdefault((sample.name, tuple(sorted(sample.labels.items()))), [])
        assert not points or points[-1][0] < at, sample
        assert family.type != "counter" or not points or points[-1][1] <= sample.value, sample
        points.append((at, sample.value))
counters = sum(1 for family in rows.values() if family.type == "counter")
print(f"{len(end)} families of the end, {len(rows)} of the timeline ({counters} counters), {sum(map(len, series.values()))} samples")
