//! Which files were kept for long enough.

use crate::folder::Filed;
use crate::{Config, Cursor, Step};
use copydesk_model::Stream;
use jiff::Timestamp;

/// Plans the removal of files that are too old, and of the oldest while all together are too large.
/// Pure. `filed` is what [`crate::files`] found of each stream. A stream's files go in their order,
/// and never its last one, so that what is left has no gap and a reader finds where to go on; the
/// cursor remembers how far.
pub fn retain(
    config: &Config,
    cursor: &mut Cursor,
    filed: &[Vec<Filed>; 2],
    now: Timestamp,
) -> Vec<Step> {
    let mut left: [&[Filed]; 2] = Stream::ALL.map(|stream| {
        let removed = cursor.streams[stream as usize].removed;
        let all = &filed[stream as usize];
        &all[all.partition_point(|file| file.name.first <= removed)..]
    });
    let mut bytes: u64 = left.iter().copied().flatten().map(|file| file.bytes).sum();
    let mut steps = Vec::new();
    loop {
        let firsts = left
            .iter()
            .enumerate()
            .filter(|(_, files)| files.len() > 1)
            .map(|(stream, files)| (files[0].modified, stream));
        let Some((modified, stream)) = firsts.min() else {
            return steps;
        };
        let age = now.duration_since(modified);
        let is_old = !config.keep_age_max.is_zero()
            && age.is_positive()
            && age.unsigned_abs() > config.keep_age_max;
        let is_too_much = config.keep_bytes_max > 0 && bytes > config.keep_bytes_max;
        if !is_old && !is_too_much {
            return steps;
        }
        let (oldest, rest) = (&left[stream][0], &left[stream][1..]);
        bytes -= oldest.bytes;
        left[stream] = rest;
        cursor.streams[stream].removed = oldest.name.first;
        let file = oldest.name.to_text();
        steps.push(Step::Remove { file });
    }
}
