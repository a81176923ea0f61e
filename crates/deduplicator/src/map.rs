//! Read-only mapped files.
#![allow(unsafe_code)] // Mapping a file is unsafe by nature; nothing else in the workspace does it.

use memmap2::Mmap;
use std::fs::File;

/// A file in memory, as 32-bit words.
pub(crate) struct Map(Mmap);

impl Map {
    pub fn of(file: &File) -> std::io::Result<Self> {
        // SAFETY: segments are written once under another name, renamed, and never changed; the
        // folder belongs to this process alone. A file cut by someone else while mapped would end
        // the process with SIGBUS, as it would any reader of mapped files.
        unsafe { Mmap::map(file) }.map(Self)
    }

    pub fn words(&self) -> &[u32] {
        // SAFETY: any bits are a valid u32, and `align_to` keeps to the aligned part. A mapping
        // starts on a page, so that nothing is cut off before it.
        unsafe { self.0.align_to::<u32>().1 }
    }
}
