use super::exit;
use anyhow::Context;
use copydesk_model::Stream;
use copydesk_sink::{FollowError, Follower};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

/// How often a follower looks for new lines.
const TICK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// Prints the lines of a stream, each once, and waits for more where that is wanted.
pub fn run(
    directory: &Path,
    stream: Stream,
    from: Option<u64>,
    is_followed: bool,
) -> anyhow::Result<ExitCode> {
    let stdout = std::io::stdout();
    let mut out = BufWriter::with_capacity(64 << 10, stdout.lock());
    match std::fs::metadata(directory) {
        Err(error) if !is_followed => {
            return Err(error).with_context(|| format!("reading {}", directory.display()));
        }
        Err(_) => eprintln!(
            "copydesk: {} is not there yet, waiting",
            directory.display()
        ),
        Ok(_) => {}
    }
    // The first line is number one.
    let from = from.map(|seq| seq.max(1));
    let mut follower = Follower::new(directory, stream, from);
    let mut line = Vec::new();
    loop {
        match follower.read(&mut line) {
            Ok(true) => out.write_all(&line)?,
            Ok(false) => {
                out.flush()?;
                if !is_followed || is_abandoned(&stdout)? {
                    return Ok(ExitCode::SUCCESS);
                }
            }
            Err(gone @ (FollowError::Gone { .. } | FollowError::Damaged { .. })) => {
                out.flush()?;
                eprintln!("copydesk: {gone}");
                return Ok(ExitCode::from(exit::DATA));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Waits a moment; true when nobody reads what is printed any more. Without it a reader that has
/// gone would be noticed with the next line only.
fn is_abandoned(stdout: &std::io::Stdout) -> anyhow::Result<bool> {
    let mut fds = [PollFd::new(stdout, PollFlags::empty())];
    match poll(&mut fds, Some(&TICK)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(fds[0].revents().contains(PollFlags::ERR))
}
