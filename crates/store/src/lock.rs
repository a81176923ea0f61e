use crate::Error;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// A killed process may hold its locks until the kernel has taken it apart.
const WAIT_MAX: Duration = Duration::from_secs(5);
const WAIT_STEP: Duration = Duration::from_millis(50);

/// The lock file, held while this value lives. It stays on disk when released: removing it would
/// let two processes lock two files of one name.
pub(crate) fn lock(path: &Path) -> Result<File, Error> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|source| Error::io("opening", path, source))?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(source)) => return Err(Error::io("locking", path, source)),
            Err(TryLockError::WouldBlock) if started.elapsed() < WAIT_MAX => {
                std::thread::sleep(WAIT_STEP);
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Error::InUse {
                    path: path.to_owned(),
                    process: owner(&mut file),
                });
            }
        }
    }
    // Only a help for people: on a full disk the lock holds without it.
    let _ = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(file)
}

fn owner(file: &mut File) -> String {
    let mut text = String::new();
    let _ = file.take(32).read_to_string(&mut text);
    match text.trim() {
        "" => "unknown".to_owned(),
        process => process.to_owned(),
    }
}
