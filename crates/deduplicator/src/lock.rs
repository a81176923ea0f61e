//! One process at a time in a folder.

use crate::Error;
use crate::folder::failure;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// The name of the lock file in its folder.
pub(crate) const LOCK: &str = "lock";

/// The lock file of a folder, held while this value lives or its process does. It stays there when
/// released: removing it would let two processes lock two files of one name.
pub(crate) fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path);
    let mut file = opened.map_err(failure("opening", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::Error(source)) => return Err(failure("locking", &path)(source)),
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            let _ = file.take(32).read_to_string(&mut owner);
            let process = match owner.trim() {
                "" => "unknown".to_owned(),
                process => process.to_owned(),
            };
            let folder = folder.to_owned();
            return Err(Error::InUse { folder, process });
        }
    }
    // Only a help for people: on a full disk the lock holds without it.
    let _ = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(file)
}
