#!/bin/bash
# page_cost.sh SECONDS PAIRS: CPU seconds of the daemon at full rate, alternately without its page and
# with it followed live and its metrics read every 5 s. After
#   cargo build --release --workspace --examples
# in the root of the checkout; the binaries are looked for in CARGO_TARGET_DIR, or in target.
set -e
release=$(realpath "${CARGO_TARGET_DIR:-target}/release")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
address=127.0.0.1:18323

# `load` runs this in the folder where it has written the configuration.
cat > "$work/daemon.sh" <<'END'
#!/bin/bash
sed -i 's/^backfill = 0/backfill = "all"\nhost_gap = "0ms"/' copydesk.toml
printf '[status]\nlisten = "%s"\n' "$1" >> copydesk.toml
exec "$2" run --config copydesk.toml
END
chmod +x "$work/daemon.sh"

for pair in $(seq "$2"); do
  for listen in off $address; do
    watchers=()
    if [ $listen != off ]; then
      (sleep 0.3; exec curl -sN --retry 20 --retry-connrefused --retry-delay 1 "http://$listen/events" > "$work/events") &
      watchers+=($!)
      (while sleep 5; do curl -s "http://$listen/metrics" > /dev/null || break; done) &
      watchers+=($!)
    fi
    echo "pair $pair, page: $listen"
    "$release/examples/load" 1000 "$1" "$work/run" "$work/daemon.sh" $listen "$release/copydesk" | tail -1
    for watcher in "${watchers[@]}"; do kill "$watcher" 2>/dev/null || true; done
    wait
    echo "$(cat "$work"/run/out/*.ndjson | wc -l) lines, $(stat -c %s "$work/events" 2>/dev/null || echo 0) bytes of live updates"
    rm -rf "$work/run" "$work/events"
  done
done
