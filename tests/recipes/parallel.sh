#!/usr/bin/env bash
# A sweep by GNU parallel, here or on a few hosts with ssh, and the merge after it.
# In: the scenario `shop.toml` in this folder. Out: a part for each shard in `parts`, a line for each in `joblog`, and `result`.
#
#   bash parallel.sh                                      on this machine
#   bash parallel.sh --sshloginfile hosts --workdir .     on the hosts of that file, if they see this folder under the same path
#   bash parallel.sh --dry-run                            what would be run
#
# Started again after an interruption, it runs what is not in `joblog`, or failed there.
set -euo pipefail

# One shard takes all cores of a host, so each host has one at a time. `seq` counts from 0, as shards do; `{#}` counts from 1.
# Not --resume alone, which takes a shard that failed as done.
failed=0
seq 0 7 | parallel --jobs 1 --joblog joblog --resume-failed --retries 3 "$@" \
  "${SIMCAP:-simcap}" sweep shop.toml --set fleet.web.min=1..4 --runs 16 --shard '{}/8' --out parts || failed=$?

for word in "$@"; do [ "$word" != --dry-run ] || exit "$failed"; done
# Where shards have failed, too: exits with 1 and says which, and with 99 if no point of the sweep meets the objectives.
exec "${SIMCAP:-simcap}" merge parts --out result
