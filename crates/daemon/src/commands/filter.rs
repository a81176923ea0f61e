//! Lines in, lines out: in order, on all cores, with bounded memory.

use anyhow::Context;
use std::collections::BTreeMap;
use std::io::{BufRead, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, PoisonError};

/// Cap on one input line: larger than any page that would be fetched, JSON escapes included.
const LINE_BYTES_MAX: u64 = 64 << 20;
/// What was made of lines that wait for one before them, for each thread. A line that takes long
/// holds back what comes after it: the others need work meanwhile.
const WAITING_PER_THREAD_MAX: usize = 16;
const NO_PANIC: &str = "nothing panics while it holds this";

/// For each line of `input` that is not blank: `work` on some thread, then `finish` on one thread
/// at a time, in the order of the lines. `threads` (0: one a core) are all there are, this one
/// among them: each reads a line, works on it, and finishes what is next, so that one thread does
/// everything and two do it in half the time.
pub fn in_order<T: Send>(
    input: impl BufRead + Send,
    threads: usize,
    work: impl Fn(&str) -> T + Sync,
    finish: impl FnMut(T) -> anyhow::Result<()> + Send,
) -> anyhow::Result<()> {
    let threads = match threads {
        0 => std::thread::available_parallelism()?.get(),
        threads => threads,
    };
    let lines = Mutex::new(Lines {
        input: Some(input),
        read: 0,
    });
    let finishing = Mutex::new(Finishing {
        made: BTreeMap::new(),
        finished: 0,
        finish: Some(finish),
        has_failed: false,
    });
    let room = Condvar::new();
    let one_thread = || {
        let mut line = Vec::new();
        loop {
            // A statement of its own: in the head of the loop it would be held while working.
            let number = lines.lock().expect(NO_PANIC).next(&mut line)?;
            let Some(number) = number else { break };
            let made = work(&String::from_utf8_lossy(&line));
            let mut state = finishing.lock().expect(NO_PANIC);
            state.made.insert(number, made);
            // Who has taken `finish` sees this line too before giving it back.
            if let Some(mut finish) = state.finish.take() {
                while let Some(next) = state.next() {
                    room.notify_all();
                    drop(state);
                    finish(next)?;
                    state = finishing.lock().expect(NO_PANIC);
                }
                state.finish = Some(finish);
            }
            let waiting_max = threads * WAITING_PER_THREAD_MAX;
            // The thread that has the line before all these is at work on it, so the wait ends.
            let state = room
                .wait_while(state, |state| {
                    state.made.len() >= waiting_max && !state.has_failed
                })
                .expect(NO_PANIC);
            if state.has_failed {
                break;
            }
        }
        anyhow::Ok(())
    };
    let one_thread = || {
        let outcome = catch_unwind(AssertUnwindSafe(one_thread))
            .unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked")));
        if outcome.is_err() {
            let mut state = finishing.lock().unwrap_or_else(PoisonError::into_inner);
            state.has_failed = true;
            room.notify_all();
        }
        outcome
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(one_thread)).collect();
        let outcome = one_thread();
        others.into_iter().fold(outcome, |outcome, other| {
            outcome.and(other.join().expect("its panics are caught"))
        })
    })
}

struct Lines<I> {
    /// `None` after the last line, or one that could not be read.
    input: Option<I>,
    read: u64,
}

impl<I: BufRead> Lines<I> {
    /// Reads the next line that is not blank; gives back its number.
    fn next(&mut self, line: &mut Vec<u8>) -> anyhow::Result<Option<u64>> {
        let Some(mut input) = self.input.take() else {
            return Ok(None);
        };
        loop {
            line.clear();
            (&mut input)
                .take(LINE_BYTES_MAX)
                .read_until(b'\n', line)
                .context("reading lines")?;
            anyhow::ensure!(
                (line.len() as u64) < LINE_BYTES_MAX,
                "reading lines: one over {LINE_BYTES_MAX} bytes"
            );
            if line.is_empty() {
                return Ok(None);
            }
            if !line.trim_ascii().is_empty() {
                break;
            }
        }
        self.input = Some(input);
        self.read += 1;
        Ok(Some(self.read - 1))
    }
}

struct Finishing<T, F> {
    /// By the number of the line.
    made: BTreeMap<u64, T>,
    finished: u64,
    /// `None` while a thread finishes, and after it failed.
    finish: Option<F>,
    has_failed: bool,
}

impl<T, F> Finishing<T, F> {
    fn next(&mut self) -> Option<T> {
        let next = self.made.remove(&self.finished)?;
        self.finished += 1;
        Some(next)
    }
}

/// Writes one value as a line of JSON.
pub fn write_line<T: serde::Serialize>(output: &mut impl Write, value: &T) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *output, value).context("writing")?;
    output.write_all(b"\n").context("writing")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn check(threads: usize, input: &str, work: fn(&str) -> String) -> (Vec<String>, String) {
        let mut written = Vec::new();
        let finish = |line: String| {
            anyhow::ensure!(line != "unwritable", "no room");
            written.push(line);
            Ok(())
        };
        let outcome = in_order(input.as_bytes(), threads, work, finish);
        let outcome = outcome.map_or_else(|error| error.to_string(), |()| String::new());
        (written, outcome)
    }

    fn trimmed(line: &str) -> String {
        line.trim().to_owned()
    }

    #[test]
    fn keeps_the_order_when_the_first_line_takes_longest() {
        let input: Vec<String> = (0..300).map(|number| number.to_string()).collect();
        let slow_at_first = |line: &str| {
            if line.trim() == "0" {
                std::thread::sleep(Duration::from_millis(20));
            }
            trimmed(line)
        };
        for threads in [1, 2, 5] {
            let (written, outcome) = check(threads, &input.join("\n \n"), slow_at_first);
            assert_eq!((written, outcome), (input.clone(), String::new()));
        }
    }

    #[test]
    fn ends_at_the_first_line_that_cannot_be_written() {
        let input = format!("a\nb\nunwritable\n{}", "c\n".repeat(500));
        for threads in [1, 4] {
            let (written, outcome) = check(threads, &input, trimmed);
            assert_eq!(written, ["a", "b"]);
            assert_eq!(outcome, "no room");
        }
    }

    #[test]
    fn a_panic_ends_all_threads() {
        let input = format!("a\npanic\n{}", "c\n".repeat(500));
        let panics = |line: &str| {
            assert!(!line.starts_with("panic"), "meant");
            trimmed(line)
        };
        for threads in [1, 4] {
            let (written, outcome) = check(threads, &input, panics);
            assert!(written.iter().all(|line| line == "a"), "{written:?}");
            assert_eq!(outcome, "a worker panicked");
        }
    }
}
