//! Read-only mapped files.
#![allow(unsafe_code)] // Mapping a file is unsafe by nature; nothing else in the workspace does it.

use memmap2::Mmap;
use std::fs::File;
use zerocopy::FromBytes;

/// A file in memory.
pub(crate) struct Map(Mmap);

impl Map {
    pub fn of(file: &File) -> std::io::Result<Self> {
        // SAFETY: the folder belongs to this process alone. Segments are written once under another
        // name, renamed, and never changed; logs are mapped while they are replayed, before
        // anything is written to them. A file cut by someone else while mapped would end the
        // process with SIGBUS, as it would any reader of mapped files.
        unsafe { Mmap::map(file) }.map(Self)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same as 32-bit words; a mapping starts on a page, so that they are aligned.
    pub fn words(&self) -> &[u32] {
        <[u32]>::ref_from_prefix(&self.0).map_or(&[], |(words, _)| words)
    }
}
