#!/usr/bin/env bash
# Measures distributed_report with one process, two processes and two workers, on one generated log.
#
# Usage: benches/distributed.sh [MIB]    the size of the log; default 512, about half a minute
#
# All run on this machine, and share its cores. The log is in the page cache: what is measured is what
# counting costs, not the disk. It is checked that all print the same. The best of five runs counts.

set -euo pipefail
cd "$(dirname "$0")/.."

mib=${1:-512}
if [[ ! $mib =~ ^[1-9][0-9]*$ ]]; then
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
results=$target/distributed
log=$results/access-$mib-mib.log

cargo build --release --example log_report
cargo build --release --package headwater-distributed-examples --example distributed_report
cargo build --release --package headwater-benches --bin generate_log
mkdir -p "$results"
"$target/release/generate_log" --mib "$mib" "$log"
report=$target/release/examples/distributed_report
printf '127.0.0.1:42101\n127.0.0.1:42102\n' >"$results/hosts"

one() { "$report" --json "$log"; }
two_workers() { "$report" --json -w 2 "$log"; }
two_processes() {
    "$report" --json -n 2 -p 1 -h "$results/hosts" "$log" &
    "$report" --json -n 2 -p 0 -h "$results/hosts" "$log"
    wait $!
}
single() { "$target/release/examples/log_report" --json "$log"; }

# best NAME: leaves the seconds of the fastest of five runs in $best.
best() {
    best=
    for _ in 1 2 3 4 5; do
        local start=$EPOCHREALTIME
        "$1" >"$results/$1.json"
        local took
        took=$(awk "BEGIN {print $EPOCHREALTIME - $start}")
        best=$(awk "BEGIN {best = \"$best\"; print best == \"\" || $took < best ? $took : best}")
    done
    cmp "$results/single.json" "$results/$1.json"
}

base=0
for name in single one two_workers two_processes; do
    best "$name"
    if [[ $name == one ]]; then
        base=$best
    fi
    ratio=$(awk "BEGIN {if ($base) printf \"%.2f\", $best / $base}")
    printf '%-14s %6.2f s  %s\n' "$name" "$best" "$ratio"
done
rm -f "$log"
