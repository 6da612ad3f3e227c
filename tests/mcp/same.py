"""Is the answer of the conversation that of the command? In: both as JSON. Out: 0 if so, else what differs."""

import json
import sys
from pathlib import Path

answer, plan = (json.loads(Path(path).read_text()) for path in sys.argv[1:])
point = plan["points"][plan["best"]]
values = [
    value
    for axis, choice in zip(plan["axes"], point["choices"])
    for value in axis["choices"][choice]["overrides"]
]
told = {"best_values": values, "best": plan["best"], "asked": plan["asked"]}
if answer != told:
    sys.exit(f"the assistant hears {answer}, the command says {told}")
print(f"pre-scale to {', '.join(values)}: the assistant hears what the command says")
