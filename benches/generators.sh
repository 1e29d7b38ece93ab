#!/usr/bin/env bash
# Compares a pipeline of generators with the same pipeline in CPython, in time per number.
#
# Usage: benches/generators.sh [N]    how many numbers; default 10000000, about twenty seconds
#
# Count up, keep the even numbers, square, sum. Each program times itself, five times each way, so
# that starting it does not count; it is checked that all give the same sum. The table is left in
# the target folder too, for `benches/ratios.sh`. Without python3 there is nothing to compare.

set -euo pipefail
cd "$(dirname "$0")/.."

n=${1:-10000000}
if [[ ! $n =~ ^[1-9][0-9]*$ ]]; then
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

if ! command -v python3 >/dev/null; then
    echo "generators.sh: not installed: python3; nothing was measured" >&2
    exit 0
fi

target=${CARGO_TARGET_DIR:-target}
results=$target/programs
mkdir -p "$results"
cargo build --release --package headwater-benches --bin pipeline

ours=$("$target/release/pipeline" "$n")
theirs=$(python3 benches/generators.py "$n")
if (($(cut -f 3 <<<"$ours"$'\n'"$theirs" | sort -u | wc -l) != 1)); then
    echo "generators.sh: the answers differ" >&2
    exit 1
fi

# per_item PROGRAM WAY: its nanoseconds per number.
per_item() {
    awk -F '\t' -v way="$2" '$1 == way { print $2 }' <<<"$1"
}

# row TITLE OURS PEER, both as names of ways
row() {
    awk -v title="$1" -v ours="$(per_item "$ours" "$2")" -v peer="$(per_item "$theirs" "$3")" \
        'BEGIN { printf "| %s | %.2f ns | %.2f ns | %.3f |\n", title, ours, peer, ours / peer }'
}

version=$(python3 -c 'import platform; print(platform.python_version())')
{
    echo "| what, against what in CPython $version | headwater | peer | ratio |"
    echo "|---|---:|---:|---:|"
    row "a generator a step, generator functions" generators generators
    row "a generator a step, lists" generators lists
    row "a generator and std's adapters, generator functions" generator_and_adapters generators
    row "a generator and std's adapters, lists" generator_and_adapters lists
} | tee "$results/generators.md"
