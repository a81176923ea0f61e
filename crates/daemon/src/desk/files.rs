//! What a commit does to the files.

use super::Desk;
use copydesk_model::Stream;
use copydesk_sink::{Cursor, Step, plan, retain};
use jiff::Timestamp;
use std::time::{Duration, Instant};
use tracing::warn;

/// How often files are looked at for their age and size, where that is asked for.
const RETAIN_TICK: Duration = Duration::from_secs(60);

impl Desk {
    /// What is to be done to the files: the lines, and the closing and removal of files whose time
    /// has come.
    pub(super) fn steps(
        &mut self,
        cursor: &mut Cursor,
        lines: &[Vec<String>; 2],
        now: Timestamp,
    ) -> Vec<Step> {
        if self.is_stdout {
            return Vec::new();
        }
        let files = &self.config.output.files;
        let plan = |stream: Stream| plan(files, cursor, stream, &lines[stream as usize], now);
        let mut steps: Vec<Step> = Stream::ALL.into_iter().flat_map(plan).collect();
        if files.keep_age_max.is_zero() && files.keep_bytes_max == 0 {
            return steps;
        }
        let is_closing = steps.iter().any(Step::is_closing);
        if is_closing
            || self
                .retained
                .is_none_or(|last| last.elapsed() > RETAIN_TICK)
        {
            self.retained = Some(Instant::now());
            match Stream::ALL.map(|stream| copydesk_sink::files(&files.directory, stream)) {
                [Ok(articles), Ok(duplicates)] => {
                    steps.extend(retain(files, cursor, &[articles, duplicates], now));
                }
                [Err(error), _] | [_, Err(error)] => warn!(%error, "output folder not read"),
            }
        }
        steps
    }

    /// Whether an idle desk has something to commit: a file to close or to remove, or rows of the
    /// outbox that are done.
    pub(super) fn has_chores(&mut self) -> bool {
        let mut cursor = self.cursor.clone();
        let steps = self.steps(&mut cursor, &Default::default(), Timestamp::now());
        if !steps.is_empty() {
            // The commit is to find the same again.
            self.retained = None;
        }
        !steps.is_empty() || self.progress.done() != self.forgotten
    }
}
