#!/usr/bin/env bash
# The page of a result. Sourced by `run`. In: KEEP with everything that was measured and predicted. Out: Markdown on standard output.
# shellcheck disable=SC2153,SC2154 # settings of `run`

write_result() {
  local date
  date=$(date -u +%Y-%m-%d)
  cat <<PAGE
# What the chain came to

Written by \`tests/stack/run\` on $date, with seed $seed. A small shop on the loopback interface of one machine was measured for
$calibration_s s; its access log, the CPU of its workers and the waits for rows that MariaDB counts were all that the prediction knew, beside
[shop.toml](../it/stack/shop.toml), which says how the shop is put together. Then the shop was measured at twice the load for $test_s s.

- Machine: $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, Linux $(uname -r | cut -d- -f1); other jobs were running (load
  average $(cut -d' ' -f1-3 /proc/loadavg)), and the stack ran in ${calm[*]:-the usual class}.
- $(haproxy -v | head -n 1 | cut -d' ' -f1-3), $(redis-server --version | cut -d' ' -f1-3), $(mariadbd --version | sed 's/.*Ver \([^ ]*\).*/MariaDB \1/').
- Two workers of $threads threads each, by turns. Requests/s at the calibration: ${rates//,/, }. Busy threads of $((workers * threads)):
  $(busy "$KEEP" 0) at the calibration, $(busy "$stack" "$double_from") at twice the load.

## Predicted and measured at twice the load

As clients see it, from the instant at which a request should have been sent; the first $warmup_s s do not count. Judged are mean and p95,
within $limit %. The generator sent 99 % of the requests at most $(tail -n 1 "$KEEP/figures-at-double.csv" | sed 's/.*,//') ms late.

$(cat "$KEEP/table.md")

## What was fitted, and what it really was

The calibration did not know these laws of the workers:

\`\`\`text
$("$STACK" laws)
\`\`\`

It came to:

\`\`\`toml
$(grep -v '^extends' "$KEEP/calibrated/calibrated.toml")
\`\`\`
PAGE
}

# Busy threads of all workers on the mean, from their counters: `busy FOLDER UNIX_SECONDS`.
busy() {
  cat "$1"/worker-*.csv | awk -F, -v workers="$workers" -v from="$2" '$1 ~ /^[0-9]+$/ && $1 > from { busy += $3; rows++ } END { printf "%.2f", busy / rows * workers }'
}
