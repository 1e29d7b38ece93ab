#!/usr/bin/env bash
# Prints what was measured last, beside what is asked, in Markdown.
#
# Usage: benches/ratios.sh [--write [lines|generators|retry|pages|memory|scale]]
#
# --write puts it into benches/README.md instead: all of it, or one part, and the others stay.
# It reads what `cargo bench -p headwater-benches`, `benches/programs.sh` and
# `benches/generators.sh` left in the target folder. Times are medians; a row whose measurements
# are not there says so.

set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}

# nanoseconds GROUP/ID: the median of an iteration, or nothing.
nanoseconds() {
    local file=$target/criterion/$1/new/estimates.json
    [[ -f $file ]] || return 0
    sed -E 's/.*"median":\{"confidence_interval":\{[^}]*\},"point_estimate":([0-9.eE+-]+).*/\1/' \
        "$file"
}

# criterion GROUP/ID: its median in milliseconds, or nothing.
criterion() {
    nanoseconds "$1" | awk '{printf "%.1f", $1 / 1e6}'
}

# per_item GROUP/ID: its median in nanoseconds per item, or nothing.
per_item() {
    local file=$target/criterion/$1/new/benchmark.json
    [[ -f $file ]] || return 0
    local items
    items=$(sed -E 's/.*"Elements":([0-9]+).*/\1/' "$file")
    nanoseconds "$1" | awk -v items="$items" '{printf "%.2f", $1 / items}'
}

# program NAME COMMAND: its median in milliseconds, or nothing.
program() {
    local file=$target/programs/$1.json
    [[ -f $file ]] || return 0
    awk -v command="\"command\": \"$2\"," '
        index($0, command) { found = 1 }
        found && /"median"/ { gsub(/[^0-9.e-]/, "", $2); printf "%.1f", $2 * 1000; exit }
    ' "$file"
}

# row TITLE OURS PEER TARGET [UNIT]
row() {
    awk -v title="$1" -v ours="$2" -v peer="$3" -v most="$4" -v unit="${5:-ms}" 'BEGIN {
        if (ours == "" || peer == "") {
            printf "| %s | not measured | | | %s | |\n", title, most
            exit
        }
        ratio = sprintf("%.2f", ours / peer)
        verdict = most == "" ? "" : ratio + 0 <= most + 0 ? "met" : "missed"
        printf "| %s | %s %s | %s %s | %s | %s | %s |\n", \
            title, ours, unit, peer, unit, ratio, most, verdict
    }'
}

# bench TITLE OURS PEER [TARGET], both as GROUP/ID
bench() {
    row "$1" "$(criterion "$2")" "$(criterion "$3")" "${4:-}"
}

# item TITLE OURS PEER [TARGET], both as GROUP/ID
item() {
    row "$1" "$(per_item "$2")" "$(per_item "$3")" "${4:-}" ns
}

# programs TITLE NAME OURS PEER [TARGET]
programs() {
    row "$1" "$(program "$2" "$3")" "$(program "$2" "$4")" "${5:-}"
}

# overhead TITLE OURS PEER [TARGET], both as GROUP/ID: what ours takes longer for an item.
overhead() {
    awk -v title="$1" -v ours="$(per_item "$2")" -v peer="$(per_item "$3")" -v most="${4:-}" 'BEGIN {
        if (ours == "" || peer == "") {
            printf "| %s | not measured | | | %s | |\n", title, most
            exit
        }
        verdict = most == "" ? "" : ours - peer <= most ? "met" : "missed"
        printf "| %s | %s ns | %s ns | %.2f ns | %s | %s |\n", \
            title, ours, peer, ours - peer, most, verdict
    }'
}

machine() {
    local model
    model=$(lscpu | sed -n 's/^Model name: *//p' | tr -s ' ')
    echo "$model, $(nproc) cores, $(uname -sr), $(rustc --version | cut -d' ' -f1,2)."
}

times() {
    echo "| what, against what | headwater | peer | ratio | at most | |"
    echo "|---|---:|---:|---:|---:|---|"
    bench "forward, std \`lines()\`" lines_forward/{headwater,std_lines} 0.33
    bench "forward, bstr \`for_byte_line\`" lines_forward/{headwater,bstr_for_byte_line} 0.90
    bench "forward, linereader" lines_forward/{headwater,linereader}
    bench "forward, **floor**" lines_forward/{headwater,floor} 1.70
    bench "forward with read-ahead, std \`lines()\`" lines_forward/{headwater_read_ahead,std_lines}
    bench "forward with read-ahead, bstr \`for_byte_line\`" \
        lines_forward/{headwater_read_ahead,bstr_for_byte_line}
    bench "forward with read-ahead, **floor**" lines_forward/{headwater_read_ahead,floor}
    bench "mapped, **floor**" lines_mapped/headwater lines_forward/floor
    bench "count, **floor**" lines_count/{headwater,floor} 1.10
    bench "reverse, rev_lines" lines_reverse/{headwater,rev_lines} 0.12
    bench "reverse with read-ahead, rev_lines" lines_reverse/{headwater_read_ahead,rev_lines}
    bench "reverse, forward" lines_reverse/headwater lines_forward/headwater 1.15
    bench "reverse, **floor**" lines_reverse/headwater lines_forward/floor
    bench "containing, grep-searcher" lines_containing/{headwater,grep_searcher} 1.00
    bench "containing, **floor**" lines_containing/headwater lines_forward/floor
    bench "matching, grep-searcher" lines_matching/{headwater,grep_searcher}
    bench "gzip, flate2 and \`lines()\`" lines_gzip/{headwater,flate2_std_lines} 0.80
    bench "gzip, **floor** of inflating" lines_gzip/{headwater,floor_inflate}
    bench "gzip with read-ahead, **floor** of inflating" \
        lines_gzip/{headwater_read_ahead,floor_inflate} 1.10
    bench "1 line in 1,000 kept, std \`lines()\`" lines_kept/{headwater,std_lines}
    bench "1 line in 1,000 copied out, std \`lines()\`" lines_kept/{headwater_into_owned,std_lines}
}

heap() {
    local table=$target/tmp/lines_heap.tsv
    if [[ ! -f $table ]]; then
        echo "Peak heap: not measured."
        return
    fi
    awk -F'\t' '
        !($1 in row) { row[$1] = ++rows; name[rows] = $1; sub("lines_heap/", "", name[rows]) }
        !($2 in column) { column[$2] = ++columns; size[columns] = $2 / 1048576 }
        { peak[row[$1], column[$2]] = $3 }
        END {
            printf "| job |"
            for (j = 1; j <= columns; j++) printf " peak heap at %d MiB |", size[j]
            printf " at most |\n|---|"
            for (j = 1; j <= columns; j++) printf "---:|"
            printf "---:|\n"
            for (i = 1; i <= rows; i++) {
                printf "| %s |", name[i]
                for (j = 1; j <= columns; j++) printf " %.0f KiB |", peak[i, j] / 1024
                printf " %s |\n", name[i] ~ /^kept/ ? "" : "1024 KiB"
            }
        }' "$table"
}

whole_programs() {
    echo "| what, against what | headwater | peer | ratio | at most | |"
    echo "|---|---:|---:|---:|---:|---|"
    programs "tac to /dev/null, GNU tac" tac_to_null "tac (ours)" "tac (GNU)" 0.45
    programs "tac to a pipe, GNU tac" tac_to_pipe "tac (ours)" "tac (GNU)" 0.45
    programs "grep -c, rg --no-mmap" grep_count "grep -c (ours)" "rg --no-mmap -aFc" 1.10
    programs "grep -c, rg mapped" grep_count "grep -c (ours)" "rg -aFc, mapped"
    programs "grep -c, GNU grep" grep_count "grep -c (ours)" "grep -aFc (GNU)"
    programs "log_report, GoAccess -o json" report "log_report" "goaccess -o json" 0.08
    programs "log_report, mawk that counts status codes" report "log_report" \
        "mawk, status codes alone"
    programs "log_report of gzip, zcat and that mawk" report_of_gzip_two_cores "log_report" \
        "zcat | mawk, status codes alone"
    programs "log_report of gzip, zcat and wc -l" report_of_gzip_two_cores "log_report" \
        "zcat | wc -l"
    programs "log_report of gzip, pigz -dc and wc -l" report_of_gzip_two_cores "log_report" \
        "pigz -dc | wc -l"
}

items() {
    echo "| what, against what | headwater | peer | ratio | at most | |"
    echo "|---|---:|---:|---:|---:|---|"
    item "pulled, genawaiter \`rc\`" generate/{headwater,genawaiter_rc} 0.60
    item "pulled, genawaiter \`stack\`" generate/{headwater,genawaiter_stack}
    item "pulled, async-stream on the stack" generate/{headwater,async_stream}
    item "pulled, async-stream in a box" generate/{headwater,async_stream_boxed}
    item "pulled, async-fn-stream" generate/{headwater,async_fn_stream}
    item "pulled, \`from_fn\`" generate/{headwater,from_fn}
    item "pulled, by hand" generate/{headwater,hand_written}
    item "pulled, **floor**" generate/{headwater,floor}
    item "folded, pulled" generate/{headwater_fold,headwater}
    item "folded, **floor**" generate/{headwater_fold,floor}
    item "\`Send\`, genawaiter \`sync\`" generate_send/{headwater,genawaiter_sync} 0.12
    item "awaited, async-stream on the stack" generate_async/{headwater,async_stream} 0.60
    item "awaited, async-stream in a box" generate_async/{headwater,async_stream_boxed}
    item "awaited, async-fn-stream" generate_async/{headwater,async_fn_stream}
    item "awaited, futures \`unfold\`" generate_async/{headwater,futures_unfold}
    item "scope, scopeguard" scope/{headwater,scopeguard} 1.05
    item "scope, unprotected" scope/{headwater,bare}
}

calls() {
    echo "| what, against what | headwater | peer | ratio | at most | |"
    echo "|---|---:|---:|---:|---:|---|"
    item "call, backon" retry_ok/{headwater,backon} 0.30
    item "call, bare" retry_ok/{headwater,bare}
    item "call with a limit of time, backon" retry_ok/{headwater_timed,backon}
    item "async call, backon" retry_ok_async/{headwater,backon} 0.50
    item "async call, tokio-retry2" retry_ok_async/{headwater,tokio_retry2}
    item "async call, bare" retry_ok_async/{headwater,bare}
    item "async call with a limit of time, backon" retry_ok_async/{headwater_timed,backon}
    bench "lines that heal, lines" resume_ok/{headwater,bare} 1.03
}

beside_python() {
    local table=$target/programs/generators.md
    if [[ -f $table ]]; then
        cat "$table"
    else
        echo "Beside CPython: not measured."
    fi
}

lines() {
    machine
    printf '\n### Time\n\n'
    times
    printf '\n### Peak heap\n\n'
    heap
    printf '\n### Whole programs\n\n'
    whole_programs
}

generators() {
    machine
    printf '\n### Time per item\n\n'
    items
    printf '\n### Beside CPython\n\n'
    beside_python
}

retry() {
    machine
    printf '\n### Time of a call, and of a log\n\n'
    calls
}

pages_over_http() {
    echo "| what, against what | headwater | peer | ratio | at most | |"
    echo "|---|---:|---:|---:|---:|---|"
    bench "one by one, a loop by hand" pages/{headwater,hand_loop} 1.02
    bench "one by one, page-turner" pages/{headwater,page_turner}
    bench "one by one, **floor**" pages/{headwater,floor}
    bench "with prefetch, **floor**" pages_prefetch/{headwater,floor} 1.05
    # Below 1.00, in figures of two places.
    bench "with prefetch, futures \`buffered\`" pages_prefetch/{headwater,futures_buffered} 0.99
    bench "with prefetch, page-turner ahead" pages_prefetch/{headwater,page_turner_ahead}
    bench "several at once, **floor**" pages_numbered/{headwater,floor} 1.10
    bench "several at once, page-turner ahead" pages_numbered/{headwater,page_turner_ahead}
}

free_pages() {
    echo "| what, against what | headwater | peer | more | at most | |"
    echo "|---|---:|---:|---:|---:|---|"
    overhead "iterator, a loop by hand" pages_free/{headwater,hand_loop} 5
    overhead "stream, a loop by hand" pages_free/{headwater_stream,hand_loop} 5
}

pages() {
    machine
    printf '\n### 200 pages over HTTP\n\n'
    pages_over_http
    printf '\n### An item of a page that costs nothing\n\n'
    free_pages
}

# table TITLE FILE: what a bench has left as Markdown.
table() {
    printf '\n### %s\n\n' "$1"
    if [[ -f $target/tmp/$2 ]]; then cat "$target/tmp/$2"; else echo "Not measured."; fi
}

memory() {
    machine
    table "Lazy beside eager" memory.md
    table "What counting costs" allocator.md
}

# seconds FORM: what `scale.sh` measured, in milliseconds, or nothing.
seconds() {
    local table=$target/scale/times.tsv
    [[ -f $table ]] || return 0
    awk -F'\t' -v form="$1" '$1 == form {printf "%.0f", $2 * 1000}' "$table"
}

# form TITLE OURS PEER [TARGET], both of `scale.sh`
form() {
    row "$1" "$(seconds "$2")" "$(seconds "$3")" "${4:-}"
}

tasks_and_cores() {
    echo "| what, against what | headwater | peer | ratio | at most | |"
    echo "|---|---:|---:|---:|---:|---|"
    bench "lines in a task, tokio \`lines()\`" lines_async/{headwater,tokio_lines} 0.25
    bench "lines in a task, tokio-util \`LinesCodec\`" lines_async/{headwater,tokio_util_lines_codec} 0.10
    bench "lines in a task, **floor**" lines_async/{headwater,floor}
    bench "lines parsed on 2 cores, on 1" lines_parallel/{headwater_2,headwater_1} 0.55
    bench "lines parsed on 2 cores, \`par_bridge\`" lines_parallel/{headwater_2,par_bridge} 0.70
    bench "lines parsed on 2 cores, \`par_bridge\` of headwater's" lines_parallel/{headwater_2,par_bridge_of_ours}
    bench "lines parsed on 2 cores, pariter" lines_parallel/{headwater_2,pariter}
    bench "map of 10 µs in order, one after the other" ordered_map/{headwater,sequential} 0.60
    bench "map of 10 µs in order, pariter" ordered_map/{headwater,pariter}
    bench "map of 10 µs in order, \`par_bridge\` in none" ordered_map/{headwater,par_bridge}
    item "what an item costs to map, pariter" ordered_map_free/{headwater,pariter}
    item "what an item costs to read ahead, a channel" read_ahead_free/{headwater,std_channel}
    item "what an item costs to read ahead, pariter" read_ahead_free/{headwater,pariter}
}

programs_at_scale() {
    echo "| what, against what | headwater | of headwater, too | ratio | at most | |"
    echo "|---|---:|---:|---:|---:|---|"
    form "log_report, 2 jobs, 1 job" "log_report 2" "log_report 1" 0.60
    form "distributed_report, 2 processes, 1 process" "processes 2" "workers 1" 0.65
    form "distributed_report, 2 workers, 1 worker" "workers 2" "workers 1"
    form "distributed_report, 4 workers on 2 cores, 2 workers" "workers 4" "workers 2"
    form "distributed_report, 8 workers on 2 cores, 2 workers" "workers 8" "workers 2"
    form "distributed_report, 1 worker, log_report, 1 job" "workers 1" "log_report 1"
}

scale() {
    machine
    printf '\n### Tasks and cores\n\n'
    tasks_and_cores
    printf '\n### A report of a log of 512 MiB, by cores, workers and processes\n\n'
    programs_at_scale
}

# write SECTION: puts it into the page.
write() {
    local page=benches/README.md
    "$1" >"$written"
    sed -i -e "/^<!-- $1 -->\$/,/^<!-- end of $1 -->\$/{
        /^<!-- $1 -->\$/{
            p
            r $written
        }
        /^<!-- end of $1 -->\$/p
        d
    }" "$page"
}

case "$*" in
"")
    lines
    printf '\n'
    generators
    printf '\n'
    retry
    printf '\n'
    pages
    printf '\n'
    memory
    printf '\n'
    scale
    ;;
"--write" | "--write lines" | "--write generators" | "--write retry" | "--write pages" | "--write memory" | "--write scale")
    written=$(mktemp)
    trap 'rm -f "$written"' EXIT
    for section in ${2:-lines generators retry pages memory scale}; do
        write "$section"
    done
    ;;
*)
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
