use super::{exit, progress};
use anyhow::Context;
use copydesk_model::Stream;
use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;

/// Reads every line of every file and tells what is wrong; nothing is changed.
pub fn run(directory: &Path) -> anyhow::Result<ExitCode> {
    let context = || format!("reading {}", directory.display());
    let mut bytes = 0;
    for stream in Stream::ALL {
        let files = copydesk_sink::files(directory, stream).with_context(context)?;
        bytes += files.iter().map(|file| file.bytes).sum::<u64>();
    }
    let bar = progress::over_files(bytes);
    let mut begun = 0;
    let report = copydesk_sink::verify(directory, |path, bytes| {
        let name = path.file_name().unwrap_or_default();
        bar.set_message(name.to_string_lossy().into_owned());
        bar.inc(std::mem::replace(&mut begun, bytes));
    });
    bar.finish_and_clear();
    let report = report.with_context(context)?;
    writeln!(
        stdout(),
        "{:12} {:>6} {:>10} {:>10} {:>10} {:>6} {:>8} {:>8}  torn",
        "stream",
        "files",
        "lines",
        "first",
        "last",
        "gaps",
        "repeats",
        "invalid"
    )?;
    for (stream, found) in Stream::ALL.iter().zip(&report.streams) {
        let seq = |seq: Option<u64>| seq.map_or("-".to_owned(), |seq| seq.to_string());
        let (first, last, torn) = (
            seq(found.first),
            seq(found.last),
            if found.is_torn { "yes" } else { "no" },
        );
        let name = stream.file_prefix();
        let (files, lines, gaps, repeats, invalid) = (
            found.files,
            found.lines,
            found.gaps,
            found.repeats,
            found.invalid,
        );
        writeln!(
            stdout(),
            "{name:12} {files:>6} {lines:>10} {first:>10} {last:>10} {gaps:>6} {repeats:>8} {invalid:>8}  {torn}"
        )?;
    }
    for finding in report.streams.iter().flat_map(|stream| &stream.findings) {
        writeln!(
            stdout(),
            "{}:{}: {}",
            finding.path.display(),
            finding.line,
            finding.what
        )?;
    }
    if report.streams.iter().all(|stream| stream.files == 0) {
        eprintln!("copydesk wrote no file into {}", directory.display());
    }
    Ok(if report.is_sound() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(exit::DATA)
    })
}
