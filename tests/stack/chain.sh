#!/usr/bin/env bash
# From a log to a prediction at twice its load, with simcap alone. Sourced by `run`.
# In: SIMCAP, and KEEP with what was measured at the calibration load: access.log.gz, worker-*.csv, row-locks.txt, window.txt. Out: `predict` writes
# KEEP/double.toml, KEEP/predicted/outcome.json and KEEP/exported, and keeps all that led to it.
# shellcheck disable=SC2153,SC2154 # settings of `run`

shop=$tests/it/stack # what whoever runs the shop knows of it, and its classes

# Runs simcap in KEEP, which may say that an objective is missed; what it prints is kept.
simcap() {
  local code=0
  (cd "$KEEP" && timeout 240 "$SIMCAP" "$@" >"$1.txt" 2>&1) || code=$?
  [ "$code" -eq 0 ] || [ "$code" -eq 99 ] || fail "simcap $* ends with $code: $(tail -n 20 "$KEEP/$1.txt")"
}

# Requests of a class that were recorded. `recorded CLASS`.
recorded() {
  awk -F, -v class="$1" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == class) column = i }
    NR > 1 { count += $column }
    END { print count }' "$KEEP/imported/rates.csv"
}
# A quotient of numbers: `ratio A/B/C*D`.
ratio() { awk "BEGIN { printf \"%.3f\", $1 }"; }

# What is fitted: everything that was guessed, but for the row.
inputs=(--input request.page --input request.search --input request.order.steps.0 --input request.order.steps.1)

predict() {
  local class from to waits orders hold
  read -r from to <"$KEEP/window.txt"
  cp "$shop"/{classes,shop}.toml "$KEEP"
  simcap import access.log.gz worker-1.csv worker-2.csv --classes classes.toml --period 10s --from "$from" --to "$to" --out imported

  # The scenario of the shop with the rates of the log. For how long an order keeps the row comes from what MariaDB counts: of orders that
  # come at random, as many find it taken as the share of time for which it is. The rest is fitted.
  read -r _ waits <"$KEEP/row-locks.txt"
  orders=$(recorded order)
  hold=$(ratio "$waits / $load_s / ($orders / $calibration_s) ^ 2 * 1000")
  simcap calibrate shop.toml imported/measured.csv --out calibrated --hold-out 'every 5' "${inputs[@]}" \
    --set "request.order.steps.2.steps.1.delay=exponential ${hold}ms"

  {
    printf 'extends = "calibrated/calibrated.toml"\nname = "Twice the load"\nduration = "%ss"\nwarmup = "%ss"\n' "$test_s" "$warmup_s"
    for class in page search order; do printf '[traffic.%s]\nrate = "%s/s"\n' "$class" "$(ratio "2 * $(recorded "$class") / $calibration_s")"; done
  } >"$KEEP/double.toml"
  simcap run double.toml --runs 32 --out predicted
  simcap export double.toml --to csv --period 10s --out exported
}
