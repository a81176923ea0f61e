//! Lines in, lines out: in order, on all cores, with bounded memory.

use anyhow::Context;
use std::collections::VecDeque;
use std::io::{BufRead, Read, Write};
use std::sync::mpsc::{Receiver, sync_channel};

/// Cap on one input line: larger than any page that would be fetched, JSON escapes included.
const LINE_BYTES_MAX: u64 = 64 << 20;

/// For each line of `input` that is not blank: `work` on some thread of the pool, then `finish` on
/// this one, in the order of the lines. At most four lines a thread are in memory.
pub fn in_order<T: Send + 'static>(
    input: impl BufRead,
    pool: &rayon::ThreadPool,
    work: impl Fn(&str) -> T + Clone + Send + 'static,
    mut finish: impl FnMut(T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut input = input;
    // A line that takes long holds back what comes after it: the others need work meanwhile.
    let under_way_max = pool.current_num_threads() * 16;
    let mut under_way: VecDeque<Receiver<T>> = VecDeque::with_capacity(under_way_max);
    let mut finish_first = |under_way: &mut VecDeque<Receiver<T>>| match under_way.pop_front() {
        Some(first) => finish(first.recv().context("a worker panicked")?),
        None => Ok(()),
    };
    loop {
        let mut line = Vec::new();
        input
            .by_ref()
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut line)
            .context("reading lines")?;
        if line.is_empty() {
            break;
        }
        anyhow::ensure!(
            (line.len() as u64) < LINE_BYTES_MAX,
            "reading lines: one over {LINE_BYTES_MAX} bytes"
        );
        let line = String::from_utf8_lossy(&line).into_owned();
        if line.trim().is_empty() {
            continue;
        }
        if under_way.len() == under_way_max {
            finish_first(&mut under_way)?;
        }
        let (done, result) = sync_channel(1);
        let work = work.clone();
        pool.spawn(move || {
            // The receiver is gone only when the output has failed.
            let _ = done.send(work(&line));
        });
        under_way.push_back(result);
    }
    while !under_way.is_empty() {
        finish_first(&mut under_way)?;
    }
    Ok(())
}

/// Writes one value as a line of JSON.
pub fn write_line<T: serde::Serialize>(output: &mut impl Write, value: &T) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *output, value).context("writing")?;
    output.write_all(b"\n").context("writing")
}
