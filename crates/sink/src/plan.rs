use crate::{Config, Cursor, FileName, Step, StreamCursor};
use copydesk_model::Stream;
use jiff::Timestamp;
use std::collections::HashMap;

/// Plans the writing of whole lines (each ending in `\n`), rotating between lines. Pure. `lines`
/// must carry the `seq`s that follow `cursor.seq` in order; the cursor is moved on.
///
/// Without lines it only closes a file that has grown too old, so that a quiet stream's last file
/// does not stay open; call it so now and then.
pub fn plan(
    config: &Config,
    cursor: &mut Cursor,
    stream: Stream,
    lines: &[String],
    now: Timestamp,
) -> Vec<Step> {
    let cursor = &mut cursor.streams[stream as usize];
    let mut steps = Vec::new();
    if is_too_old(config, cursor, now) {
        steps.extend(close(cursor));
    }
    for line in lines {
        debug_assert!(line.find('\n') == Some(line.len() - 1), "one whole line");
        let bytes = line.len() as u64;
        if cursor.length.saturating_add(bytes) > config.file_bytes_max {
            steps.extend(close(cursor));
        }
        cursor.seq += 1;
        let file = match &cursor.file {
            Some(file) => file,
            None => open(config, cursor, stream, now),
        };
        match steps.last_mut() {
            Some(Step::Write {
                file: last, bytes, ..
            }) if last == file => bytes.push_str(line),
            _ => steps.push(Step::Write {
                file: file.clone(),
                offset: cursor.length,
                bytes: line.clone(),
            }),
        }
        cursor.length += bytes;
    }
    steps
}

/// What is still to be done of numbered steps that a crash may have cut short. A file that is to be
/// removed may be gone already: what was to be written to it before is not asked of it again.
pub fn needed(steps: Vec<(u64, Step)>) -> Vec<(u64, Step)> {
    let removals = steps.iter().filter_map(|(number, step)| match step {
        Step::Remove { file } => Some((file.clone(), *number)),
        _ => None,
    });
    let removals: HashMap<String, u64> = removals.collect();
    let mut steps = steps;
    steps.retain(|(number, step)| {
        removals
            .get(step.file())
            .is_none_or(|removal| number >= removal)
    });
    steps
}

fn is_too_old(config: &Config, cursor: &StreamCursor, now: Timestamp) -> bool {
    let age = |opened: Timestamp| now.duration_since(opened).unsigned_abs();
    cursor
        .opened
        .is_some_and(|opened| now > opened && age(opened) >= config.file_age_max)
}

/// Names the file that begins with the line just numbered.
fn open<'a>(
    config: &Config,
    cursor: &'a mut StreamCursor,
    stream: Stream,
    now: Timestamp,
) -> &'a String {
    // A clock set back must not make a later file's name sort before an earlier one's.
    let opened = period_start(config, now).max(cursor.opened.unwrap_or(Timestamp::MIN));
    cursor.opened = Some(opened);
    cursor.length = 0;
    let name = FileName {
        stream,
        hour: opened,
        first: cursor.seq,
    };
    cursor.file.insert(name.to_text())
}

/// Periods follow each other from midnight UTC, so that files of a day or an hour hold that day or
/// hour.
fn period_start(config: &Config, now: Timestamp) -> Timestamp {
    let age = i64::try_from(config.file_age_max.as_secs())
        .unwrap_or(i64::MAX)
        .max(1);
    let now = now.as_second();
    Timestamp::from_second(now - now.rem_euclid(age)).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn close(cursor: &mut StreamCursor) -> Option<Step> {
    let length = std::mem::take(&mut cursor.length);
    cursor.file.take().map(|file| Step::Close { file, length })
}
