//! What is said where the folder is not what the log says.

use crate::Error;
use std::path::PathBuf;

/// Closes every such message.
const REMEDY: &str = "`copydesk repair` shows what can be done";

pub(crate) fn missing(path: PathBuf, expected: u64) -> Error {
    let what = format!(
        "gone, while the log goes on at byte {expected}; somebody moved, replaced or deleted it: \
         put it back, or {REMEDY}"
    );
    Error::Conflict { path, what }
}

pub(crate) fn wrong_length(path: PathBuf, found: u64, expected: u64) -> Error {
    let what = if found < expected {
        format!(
            "{found} bytes, {expected} by the log; somebody cut it: put its lines back, or {REMEDY}"
        )
    } else {
        format!(
            "{found} bytes, {expected} by the log; somebody else wrote to it: cut it to {expected} \
             bytes; {REMEDY}"
        )
    };
    Error::Conflict { path, what }
}

pub(crate) fn unknown(path: PathBuf, first: u64, given_out: u64) -> Error {
    let what = format!(
        "begins with seq {first}, and the state has given out none past {given_out}: it is new, an \
         older copy, or another output's; put the right one back, or have the lines of this one \
         written to an empty folder"
    );
    Error::Conflict { path, what }
}

pub(crate) fn wrong_bytes(path: PathBuf, offset: u64, count: usize) -> Error {
    let what = format!(
        "{count} bytes from byte {offset} on are not what the log says; somebody else wrote to it: \
         cut it to {offset} bytes; {REMEDY}"
    );
    Error::Conflict { path, what }
}
