#!/usr/bin/env bash
# A sweep on Slurm: an array of shards, and a merge after them.
# In: the scenario `shop.toml` in the folder that this is started in, which all nodes see. Out: a part for each shard in `parts`,
# and `result` with the figures of all.
#
#   bash slurm.sh                   every shard, then the merge
#   bash slurm.sh submit 3,17-19    these shards again, then the merge: what the merge prints as `--array=…`
#
# Shards that are there already end at once, so the first form is always safe, too.
#SBATCH --job-name=sweep
#SBATCH --output=%x-%A-%a.log
#SBATCH --time=01:00:00
set -euo pipefail

# The count is written here. Slurm would say 1 if one shard is submitted again, and that would be other runs.
shards=8
simcap=${SIMCAP:-simcap}

case ${1-submit} in
submit)
  array=$(sbatch --parsable --array="${2-0-$((shards - 1))}" "$0" shard)
  # Not afterok: one shard that fails would cancel the merge, and nobody would hear which one it was.
  merge=$(sbatch --parsable --dependency="afterany:$array" --job-name=merge --output=%x-%j.log "$0" merge)
  echo "shards: job $array, merge: job $merge, which writes merge-$merge.log"
  ;;
shard)
  # `auto` takes the number of the shard from SLURM_ARRAY_TASK_ID.
  exec "$simcap" sweep shop.toml --set fleet.web.min=1..4 --runs 16 --shard "auto/$shards" --out parts
  ;;
merge)
  # Exits with 1 if shards are missing, and with 99 if no point of the sweep meets the objectives.
  exec "$simcap" merge parts --out result
  ;;
*)
  echo "usage: bash slurm.sh [submit [SHARDS]]" >&2
  exit 2
  ;;
esac
