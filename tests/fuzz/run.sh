#!/bin/bash
# Fuzzes our readers of foreign bytes with libFuzzer, on stable Rust.
#
#   tests/fuzz/run.sh                    every target for 60 seconds
#   tests/fuzz/run.sh feed 600           one target for ten minutes
#   tests/fuzz/run.sh feed FILE          one input again, for example a crash
#   tests/fuzz/run.sh build              builds only
#
# Seeds are our own fixtures; what the fuzzer finds worth keeping lies in corpus/, crashes in
# artifacts/. A crash becomes a test of the crate whose reader it is, cut down.
set -e
cd "$(dirname "$0")"
target=${1:-all}
time=${2:-60}
host=$(rustc -vV | sed -n 's/^host: //p')
binaries=${CARGO_TARGET_DIR:-target}/$host/release
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
# With a target named, build scripts and macros go without these flags.
cargo build --release --target "$host"
[ "$target" != build ] || exit 0
seeds() {
    case $1 in
        html) echo seeds/html ../../crates/newsroom/layouts ../../crates/cleaner/tests/pages ;;
        config) echo ../../config ;;
        *) echo "seeds/$1" ;;
    esac
}
targets=$target
[ "$target" != all ] || targets=$(sed -n 's/^name = "\([a-z_]*\)"$/\1/p' Cargo.toml)
for name in $targets; do
    if [ -f "$time" ]; then
        exec "$binaries/$name" "$time"
    fi
    mkdir -p "corpus/$name" "artifacts/$name" "seeds/$name"
    echo "== $name"
    "$binaries/$name" "corpus/$name" $(seeds "$name") -artifact_prefix="artifacts/$name/" \
        -max_total_time="$time" -max_len=20000 -timeout=20 -rss_limit_mb=1500 -print_final_stats=1 \
        -verbosity=0
done
