#!/usr/bin/env bash
# From a log to a prediction at twice its load, with simcap alone. Sourced by `run`.
# In: SIMCAP, and KEEP with what was measured at the calibration load: access.log.gz, worker-*.csv, row-locks.txt, window.txt. Out: `predict` writes
# KEEP/double.toml, KEEP/predicted/outcome.json and KEEP/exported, and keeps all that led to it.
# shellcheck disable=SC2153,SC2154 # settings of `run`

shop=$tests/it/stack # what whoever runs the shop knows of it, and its classes

# Runs simcap in KEEP, which may say that an objective is missed; what it prints is kept.
simcap() {
  local code=0
  (cd "$KEEP" && timeout 600 "$SIMCAP" "$@" >"$1.txt" 2>&1) || code=$?
  [ "$code" -eq 0 ] || [ "$code" -eq 99 ] || fail "simcap $* ends with $code: $(tail -n 20 "$KEEP/$1.txt")"
}

# The sum of a column of a file that was imported. `sum FILE COLUMN`.
sum() {
  awk -F, -v column="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i }
    NR > 1 { sum += $at }
    END { print sum }' "$KEEP/imported/$1"
}
# Arithmetic: `ratio 'A / B * C'`.
ratio() { awk "BEGIN { printf \"%.3f\", $1 }"; }

predict() {
  local class from to waits orders hold all cpu counted=()
  read -r from to <"$KEEP/window.txt"
  cp "$shop"/{classes,shop}.toml "$KEEP"
  simcap import access.log.gz worker-1.csv worker-2.csv --classes classes.toml --period 10s --from "$from" --to "$to" --out imported

  # Two numbers follow from what was counted. For how long an order keeps the row: of orders that come at random, as many find it taken as
  # the share of time for which it is. And the CPU of a request, of all classes alike, by the utilisation law.
  read -r _ waits <"$KEEP/row-locks.txt"
  orders=$(sum rates.csv order)
  hold=$(ratio "$waits / $load_s / ($orders / $calibration_s) ^ 2 * 1000")
  all=$(sum measured.csv requests)
  cpu=$(ratio "$(sum measured.csv 'cpu_percent of web') / 100 * 10 * $workers * $cores / $all * 1000")
  for class in page search order; do counted+=(--set "request.$class.steps.0.cpu=${cpu}ms"); done

  # What is fitted: how long threads wait, and how much that varies.
  simcap calibrate shop.toml imported/measured.csv --out calibrated --hold-out 'every 5' --no-charts --no-progress \
    --set "request.order.steps.2.steps.1.delay=exponential ${hold}ms" "${counted[@]}" \
    --input request.page.steps.1 --input request.search.steps.1 --input request.order.steps.1

  {
    printf 'extends = "calibrated/calibrated.toml"\nname = "Twice the load"\nduration = "%ss"\nwarmup = "%ss"\n' "$test_s" "$warmup_s"
    for class in page search order; do printf '[traffic.%s]\nrate = "%s/s"\n' "$class" "$(ratio "2 * $(sum rates.csv "$class") / $calibration_s")"; done
  } >"$KEEP/double.toml"
  simcap run double.toml --runs 32 --no-charts --no-progress --out predicted
  simcap export double.toml --to csv --period 10s --out exported
}
