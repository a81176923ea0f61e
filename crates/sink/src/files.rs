use crate::FileName;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// The output files of a folder, stream by stream in the order of their lines, compressed ones too.
/// A file that is just being closed lies there twice for a moment; the plain one counts, being
/// whole for as long as it is there.
pub fn files(directory: &Path) -> io::Result<Vec<(FileName, PathBuf)>> {
    let mut files: BTreeMap<_, (FileName, PathBuf)> = BTreeMap::new();
    for found in std::fs::read_dir(directory)? {
        let path = found?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some((name, parsed)) = name.and_then(|name| Some((name, FileName::parse(name)?)))
        else {
            continue;
        };
        let is_plain = name.ends_with(".ndjson");
        let base = name.trim_end_matches(".zst").trim_end_matches(".gz");
        let key = (parsed.stream, parsed.first, base.to_owned());
        if is_plain || !files.contains_key(&key) {
            files.insert(key, (parsed, path));
        }
    }
    Ok(files.into_values().collect())
}

/// The lines of an output file, unpacked where it is compressed.
pub fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let file = File::open(path)?;
    Ok(match path.extension().and_then(|suffix| suffix.to_str()) {
        Some("zst") => Box::new(BufReader::new(zstd::Decoder::new(file)?)),
        Some("gz") => Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file))),
        _ => Box::new(BufReader::new(file)),
    })
}
