//! How far long work is: on a terminal only, and only where the output goes elsewhere.

use indicatif::{ProgressBar, ProgressBarIter, ProgressFinish, ProgressStyle};
use std::fs::File;
use std::io::{BufReader, IsTerminal, Stdin};
use std::os::fd::AsFd;

/// Read at once: a page is some hundred kilobytes.
const READ_BYTES: usize = 1 << 20;

/// Standard input, for any thread to read from; of a file the share that is read is shown.
pub fn of_input() -> BufReader<ProgressBarIter<Stdin>> {
    let input = std::io::stdin();
    let (bar, template) = match length(&input) {
        Some(length) => (
            ProgressBar::new(length),
            "{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} to go",
        ),
        None => (
            ProgressBar::no_length(),
            "{spinner} {bytes}, {bytes_per_sec}",
        ),
    };
    // What a person types needs no bar.
    let bar = shown(bar, template, !input.is_terminal());
    BufReader::with_capacity(READ_BYTES, bar.wrap_read(input))
}

/// The places, one after another.
pub fn over(places: &[String]) -> ProgressBarIter<std::slice::Iter<'_, String>> {
    let bar = ProgressBar::new(places.len() as u64);
    shown(bar, "{bar:40} {pos} of {len}, {eta} to go", true).wrap_iter(places.iter())
}

fn shown(bar: ProgressBar, template: &str, is_wanted: bool) -> ProgressBar {
    if !is_wanted || std::io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template).expect("the template is ours");
    bar.with_style(style).with_finish(ProgressFinish::AndClear)
}

/// None where it is no file.
fn length(input: &Stdin) -> Option<u64> {
    let file = File::from(input.as_fd().try_clone_to_owned().ok()?);
    let found = file.metadata().ok()?;
    found.is_file().then_some(found.len())
}
