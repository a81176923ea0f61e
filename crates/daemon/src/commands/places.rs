//! What a command is pointed at: a URL, a file, or "-" for standard input.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;

pub fn is_url(place: &str) -> bool {
    place.starts_with("http://") || place.starts_with("https://")
}

pub fn open(path: &Path) -> io::Result<File> {
    match path.as_os_str() == "-" {
        true => Ok(io::stdin().as_fd().try_clone_to_owned()?.into()),
        false => File::open(path),
    }
}

pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}
