//! How far long work is: on a terminal only, and not between lines of output.

use super::places;
use indicatif::{ProgressBar, ProgressBarIter, ProgressFinish, ProgressStyle};
use std::fs::File;
use std::io::{BufReader, IsTerminal, Read, Stdin};
use std::os::fd::AsFd;
use std::path::Path;

/// Read at once: a page is some hundred kilobytes.
const READ_BYTES: usize = 1 << 20;

/// Standard input, for any thread to read from; of a file the share that is read is shown.
pub fn of_input() -> BufReader<ProgressBarIter<Stdin>> {
    let input = std::io::stdin();
    let file = input.as_fd().try_clone_to_owned().map(File::from);
    let length = file.ok().as_ref().and_then(length);
    if input.is_terminal() {
        eprintln!("copydesk: reading lines from the terminal, up to Ctrl-D");
    }
    // What a person types needs no bar.
    let is_wanted = !input.is_terminal() && is_silent();
    read(input, length, is_wanted)
}

/// The file, or standard input without one, for what writes nothing beside it.
pub fn of_file(path: Option<&Path>) -> std::io::Result<BufReader<ProgressBarIter<File>>> {
    let file = match path {
        Some(path) => places::open(path)?,
        None => places::open(Path::new("-"))?,
    };
    let (length, is_wanted) = (length(&file), !file.is_terminal());
    Ok(read(file, length, is_wanted))
}

fn read<R: Read>(input: R, length: Option<u64>, is_wanted: bool) -> BufReader<ProgressBarIter<R>> {
    let (bar, template) = match length {
        Some(length) => (
            ProgressBar::new(length),
            "{bar:25} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} to go",
        ),
        None => (
            ProgressBar::no_length(),
            "{spinner} {bytes}, {bytes_per_sec}",
        ),
    };
    BufReader::with_capacity(READ_BYTES, shown(bar, template, is_wanted).wrap_read(input))
}

/// The places, one after another.
pub fn over(places: &[String]) -> ProgressBarIter<std::slice::Iter<'_, String>> {
    let bar = ProgressBar::new(places.len() as u64);
    let template = "{bar:25} {pos} of {len}, {eta} to go";
    shown(bar, template, is_silent()).wrap_iter(places.iter())
}

/// Files of so many bytes, whose names are its messages.
pub fn over_files(bytes: u64) -> ProgressBar {
    let template = "{bar:25} {bytes} of {total_bytes}, {eta} to go, {wide_msg}";
    shown(ProgressBar::new(bytes), template, true)
}

/// Whether no line of output would be torn by a bar.
fn is_silent() -> bool {
    !std::io::stdout().is_terminal()
}

fn shown(bar: ProgressBar, template: &str, is_wanted: bool) -> ProgressBar {
    if !is_wanted {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template).expect("the template is ours");
    bar.with_style(style).with_finish(ProgressFinish::AndClear)
}

/// None where it is a pipe or the like.
fn length(file: &File) -> Option<u64> {
    let found = file.metadata().ok()?;
    found.is_file().then_some(found.len())
}
