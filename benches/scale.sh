#!/usr/bin/env bash
# Measures the report of one log by one core, by all, and by several workers and processes.
#
# Usage: benches/scale.sh [MIB]    the size of the log; default 512, about two minutes
#
# All run on this machine, and share its cores. The log is in the page cache: what is measured is what
# counting costs, not the disk. It is checked that all print the same. The best of seven runs counts,
# and the times are left in the target folder.

set -euo pipefail
cd "$(dirname "$0")/.."

mib=${1:-512}
if [[ ! $mib =~ ^[1-9][0-9]*$ ]]; then
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
results=$target/scale
log=$results/access-$mib-mib.log

cargo build --release --example log_report
cargo build --release --package headwater-distributed-examples --example distributed_report
cargo build --release --package headwater-benches --bin generate_log
mkdir -p "$results"
"$target/release/generate_log" --mib "$mib" "$log"
report=$target/release/examples/distributed_report
printf '127.0.0.1:42101\n127.0.0.1:42102\n' >"$results/hosts"

log_report() { "$target/release/examples/log_report" --json --jobs "$1" "$log"; }
workers() { "$report" --json -w "$1" "$log"; }
processes() {
    "$report" --json -n 2 -p 1 -h "$results/hosts" "$log" &
    "$report" --json -n 2 -p 0 -h "$results/hosts" "$log"
    wait $!
}

# All in turn, seven times: what else the machine does then meets each of them.
forms=("log_report 1" "log_report 2" "workers 1" "workers 2" "workers 4" "workers 8" "processes 2")
declare -A best
for run in 1 2 3 4 5 6 7; do
    for form in "${forms[@]}"; do
        start=$EPOCHREALTIME
        $form >"$results/answer.json"
        took=$(awk "BEGIN {printf \"%.3f\", $EPOCHREALTIME - $start}")
        if [[ $form == "log_report 1" && $run == 1 ]]; then
            cp "$results/answer.json" "$results/expected.json"
        fi
        cmp "$results/expected.json" "$results/answer.json"
        best[$form]=$(awk "BEGIN {best = \"${best[$form]:-}\"; print best == \"\" || $took < best ? $took : best}")
    done
done

for form in "${forms[@]}"; do
    printf '%s\t%s\n' "$form" "${best[$form]}"
done | tee "$results/times.tsv"
rm -f "$log"
