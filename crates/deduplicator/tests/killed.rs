//! SIGKILL at random moments while judging: after it the same articles get the same verdicts.
//!
//! `COPYDESK_KILLS` makes it longer than the 10 kills that it is by default.

mod generators;

use copydesk_deduplicator::{Config, Judge, Position};
use copydesk_model::Verdict;
use generators::Dice;
use generators::stream::{judge_one, stream};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Set in the process that judges: the folder that it works in.
const FOLDER: &str = "COPYDESK_KILLED_FOLDER";
/// Articles of one commit.
const BATCH: usize = 7;

/// Seals a segment every 25 articles.
fn config() -> Config {
    Config {
        window: Duration::from_secs(300 * 3600),
        documents_max: 400,
    }
}

/// What a caller commits together: the index's position, and how many verdicts are its own.
type Committed = (Position, usize);

#[test]
fn judges_on_after_sigkill_as_if_nothing_had_been() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return judge_all(Path::new(&folder));
    }
    let kills = std::env::var("COPYDESK_KILLS").map_or(10, |kills| kills.parse().expect("a count"));
    let articles = stream(50 * kills);
    let folder = tempfile::tempdir().expect("a folder");
    let written = serde_json::to_vec(&articles).expect("texts");
    fs::write(folder.path().join("articles"), written).expect("writes");

    let mut dice = Dice::new(9);
    for kill in 0..kills {
        let mut child = spawn(folder.path());
        // One in four dies while it starts, the others at work.
        if kill % 4 != 3 {
            let goal = committed(folder.path()).1 + dice.between(1, 5) * BATCH;
            while committed(folder.path()).1 < goal {
                let ended = child.try_wait().expect("it is ours");
                assert!(ended.is_none(), "it ended by itself before kill {kill}");
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        std::thread::sleep(Duration::from_micros(dice.below(20_000) as u64));
        child.kill().expect("it is ours");
        child.wait().expect("it is ours");
    }
    assert!(spawn(folder.path()).wait().expect("it is ours").success());

    let mut undisturbed = Judge::in_memory(config());
    let verdicts = fs::read_to_string(folder.path().join("verdicts")).expect("verdicts");
    let mut lines = verdicts.lines();
    for (number, article) in articles.iter().enumerate() {
        let wanted = judge_one(&mut undisturbed, number, article);
        let got: Verdict = serde_json::from_str(lines.next().expect("a line")).expect("a verdict");
        assert_eq!(got, wanted, "article {number}");
    }
    assert_eq!(lines.next(), None);
}

fn spawn(folder: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this test"))
        .args(["judges_on_after_sigkill_as_if_nothing_had_been", "--exact"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("starts")
}

fn committed(folder: &Path) -> Committed {
    let bytes = fs::read(folder.join("committed"));
    bytes.map_or_else(
        |_| Committed::default(),
        |bytes| serde_json::from_slice(&bytes).expect("a whole file"),
    )
}

/// Goes on where the last commit ended.
fn judge_all(folder: &Path) {
    let bytes = fs::read(folder.join("articles")).expect("reads");
    let articles: Vec<(String, String)> = serde_json::from_slice(&bytes).expect("articles");
    let (position, mut at) = committed(folder);
    let verdicts = folder.join("verdicts");
    let before = fs::read_to_string(&verdicts).unwrap_or_default();
    let mut lines: Vec<String> = before.lines().take(at).map(str::to_owned).collect();
    let mut judge = Judge::open(&folder.join("index"), config(), Some(position)).expect("opens");
    while at < articles.len() {
        let end = (at + BATCH).min(articles.len());
        for (number, article) in articles.iter().enumerate().take(end).skip(at) {
            let verdict = judge_one(&mut judge, number, article);
            lines.push(serde_json::to_string(&verdict).expect("a verdict"));
        }
        at = end;
        replace(&verdicts, lines.join("\n").as_bytes());
        let position = judge.sync().expect("syncs");
        let commit: Committed = (position, at);
        replace(
            &folder.join("committed"),
            &serde_json::to_vec(&commit).expect("numbers"),
        );
    }
}

/// All of it or nothing, whenever the process is killed.
fn replace(path: &Path, bytes: &[u8]) {
    let temporary = path.with_extension("tmp");
    fs::write(&temporary, bytes).expect("writes");
    fs::rename(&temporary, path).expect("renames");
}
