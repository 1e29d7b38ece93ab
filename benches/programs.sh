#!/usr/bin/env bash
# Compares the example programs with the programs that people use today, on one generated log.
#
# Usage: benches/programs.sh [MIB]    the size of the log; default 256, about three minutes
#
# Each program runs on one core, except where a title says two. Output goes through a pipe that
# somebody reads: with /dev/null as its output GNU grep stops at the first line that it finds. Only
# tac, which does not look, is measured both ways. Where two programs print the same, it is checked
# that they do. Results are left in the target folder, as JSON and as Markdown.

set -euo pipefail
cd "$(dirname "$0")/.."

mib=${1:-256}
if [[ ! $mib =~ ^[1-9][0-9]*$ ]]; then
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

declare -A package_of=(
    [hyperfine]=hyperfine [rg]=ripgrep [grep]=grep [tac]=coreutils [zcat]=gzip [mawk]=mawk
    [goaccess]=goaccess [pigz]=pigz [taskset]=util-linux
)
missing=()
for program in "${!package_of[@]}"; do
    command -v "$program" >/dev/null || missing+=("$program")
done
if ((${#missing[@]})); then
    echo "programs.sh: not installed: ${missing[*]}" >&2
    packages=()
    for program in "${missing[@]}"; do
        packages+=("${package_of[$program]}")
    done
    echo "apt-get install -y --no-install-recommends ${packages[*]}" >&2
    exit 1
fi

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
results=$target/programs
log=$results/access-$mib-mib.log
needle=" 500 "

cargo build --release --example tac --example grep --example log_report
cargo build --release --package headwater-benches --bin generate_log
ours=$target/release/examples
mkdir -p "$results"
"$target/release/generate_log" --mib "$mib" "$log"
pigz --keep --force --stdout -6 "$log" >"$log.gz"

# same TITLE COMMAND COMMAND: ends the run if the two print different things.
same() {
    if ! cmp --silent <(bash -c "$2") <(bash -c "$3"); then
        echo "programs.sh: $1: the answers differ" >&2
        exit 1
    fi
}

# compare NAME RUNS OPTION... COMMAND...: measures, and keeps the results under NAME.
compare() {
    local name=$1 runs=$2
    shift 2
    printf '\n## %s\n\n' "$name"
    hyperfine --warmup 1 --runs "$runs" --style basic \
        --export-json "$results/$name.json" --export-markdown "$results/$name.md" "$@"
}

one="taskset -c 0"

same tac "$ours/tac $log" "tac $log"
compare tac_to_pipe 10 --output pipe --shell none \
    -n "tac (ours)" "$one $ours/tac $log" \
    -n "tac (GNU)" "$one tac $log"
compare tac_to_null 10 --shell none \
    -n "tac (ours)" "$one $ours/tac $log" \
    -n "tac (GNU)" "$one tac $log"

same grep "$ours/grep -c '$needle' $log" "grep -aFc '$needle' $log"
same grep "$ours/grep -c '$needle' $log" "rg --no-mmap -aFc '$needle' $log"
compare grep_count 20 --output pipe --shell none \
    -n "grep -c (ours)" "$one $ours/grep -c '$needle' $log" \
    -n "rg --no-mmap -aFc" "$one rg --no-mmap -aFc '$needle' $log" \
    -n "rg -aFc, mapped" "$one rg --mmap -aFc '$needle' $log" \
    -n "grep -aFc (GNU)" "$one grep -aFc '$needle' $log"

# awk does a small part of the report: it counts ninth words, which are status codes where the
# request has three words.
# shellcheck disable=SC2016
statuses='{n[$9]++} END {for (status in n) print status, n[status]}'
compare report 3 --output pipe --shell none \
    -n "log_report" "$one $ours/log_report $log" \
    -n "goaccess -o json" "$one goaccess $log --log-format=COMBINED --no-progress -o json" \
    -n "mawk, status codes alone" "$one mawk '$statuses' $log"

# The report on a compressed log, beside pipes that only inflate it and count.
compare report_of_gzip_two_cores 5 --output pipe \
    -n "log_report" "$ours/log_report $log.gz" \
    -n "zcat | mawk, status codes alone" "zcat $log.gz | mawk '$statuses'" \
    -n "zcat | wc -l" "zcat $log.gz | wc -l" \
    -n "pigz -dc | wc -l" "pigz -dc $log.gz | wc -l"

rm -f "$log" "$log.gz"
printf '\nRatios of medians, and what is asked: benches/ratios.sh\n'
