//! An index with any damage is opened or refused, and then judges without a panic.

#![no_main]

use copydesk_deduplicator::{Config, Document, Judge, Position, prepare};
use libfuzzer_sys::{Corpus, fuzz_target};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A folder in memory where the system has one, and the files of a sound index.
struct Sound {
    folder: PathBuf,
    files: Vec<(PathBuf, Vec<u8>)>,
}

static SOUND: OnceLock<Sound> = OnceLock::new();

/// Files of a mebibyte each take most of the time: two, and a log.
fn config() -> Config {
    Config {
        documents_max: 256,
        ..Config::default()
    }
}

fn judge(judge: &mut Judge, number: u32) {
    let text: String = (0..60)
        .map(|word| format!("word{} ", (number * 31 + word) % 97))
        .collect();
    let id = format!("a{number}");
    let document = Document {
        id: &id,
        identity: None,
        title: Some("A storm"),
        text: &text,
        language: Some("en"),
        seen: jiff::Timestamp::from_second(1_700_000_000 + i64::from(number)).expect("a time"),
    };
    judge.judge(&document, prepare(&document));
}

fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = (std::fs::read_dir(folder).expect("a folder"))
        .map(|file| file.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), std::fs::read(path).expect("a file")))
        .collect();
    files.sort();
    files
}

fn sound() -> Sound {
    let base = Path::new("/dev/shm");
    let base = if base.is_dir() {
        base
    } else {
        Path::new("/tmp")
    };
    let folder = base.join(format!("copydesk-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut index = Judge::open(&folder, config(), None).expect("opens");
    for number in 0..40 {
        judge(&mut index, number);
        if number % 8 == 7 {
            index.sync().expect("syncs");
        }
    }
    index.sync().expect("syncs");
    drop(index);
    let files = files(&folder);
    Sound { folder, files }
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Sound { folder, files } = SOUND.get_or_init(sound);
    let [which, how, high, low, damage @ ..] = bytes else {
        return Corpus::Reject;
    };
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).expect("a folder");
    for (number, (path, sound)) in files.iter().enumerate() {
        let mut content = sound.clone();
        if number == usize::from(*which) % files.len() {
            let at = usize::from(u16::from_be_bytes([*high, *low])) % (content.len() + 1);
            match how % 4 {
                0 => content.truncate(at),
                1 => {
                    content.splice(at..at, damage.iter().copied());
                }
                2 => {
                    let end = (at + damage.len()).min(content.len());
                    content.splice(at..end, damage.iter().copied());
                }
                _ => content = damage.to_vec(),
            }
        }
        std::fs::write(path, content).expect("writes");
    }
    let opened = match how & 4 {
        0 => Judge::open(folder, config(), None).ok(),
        _ => Judge::open_without_damage(folder, config(), Position::default())
            .ok()
            .map(|(judge, _)| judge),
    };
    if let Some(mut index) = opened {
        for number in [0, 20, 39, 100] {
            judge(&mut index, number);
        }
        let _ = index.sync();
    }
    Corpus::Keep
});
