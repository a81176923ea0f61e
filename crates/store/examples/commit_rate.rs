//! What a commit costs: `cargo run --release -p copydesk-store --example commit_rate -- FOLDER`.
//! Commits 50,000 articles, 100 a commit, each with two keys, two names and a line of 4 kB.

use copydesk_model::Key;
use copydesk_store::{ArticleState, Batch, Config, EntryState, Store};
use jiff::Timestamp;
use std::time::Instant;

const COMMITS: u64 = 500;
const ARTICLES: u64 = 100;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args_os()
        .nth(1)
        .ok_or("usage: commit_rate FOLDER")?;
    let store = Store::open(Config {
        directory: directory.into(),
        ..Config::default()
    })?;
    let mut elapsed_ms = Vec::new();
    for commit in 0..COMMITS {
        let batch = batch(commit);
        let started = Instant::now();
        store.commit(&batch, Timestamp::now())?;
        elapsed_ms.push(started.elapsed().as_secs_f64() * 1e3);
    }
    elapsed_ms.sort_by(f64::total_cmp);
    let at = |share: usize| elapsed_ms[elapsed_ms.len() * share / 100];
    let bytes = store.file_bytes()?;
    println!(
        "commits of {ARTICLES} articles: p50 {:.1} ms, p99 {:.1} ms; file {:.0} MB, {} bytes an article",
        at(50),
        at(99),
        bytes as f64 / 1e6,
        bytes / (COMMITS * ARTICLES)
    );
    let started = Instant::now();
    for number in 0..COMMITS * ARTICLES {
        store.entry(&[key(number, 0)])?.ok_or("lost")?;
    }
    let each = started.elapsed() / u32::try_from(COMMITS * ARTICLES)?;
    println!("looking up an entry: {each:.1?}");
    Ok(())
}

/// Scattered as hashes are.
fn key(number: u64, half: u64) -> Key {
    let mixed = (number * 2 + half).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Key(u128::from(mixed) << 64 | u128::from(number))
}

fn batch(commit: u64) -> Batch {
    let now = Timestamp::now();
    let mut batch = Batch {
        outbox_done: Some(commit * ARTICLES),
        ..Batch::default()
    };
    for number in commit * ARTICLES..(commit + 1) * ARTICLES {
        let id = format!("{number:016}");
        let keys = vec![key(number, 0), key(number, 1)];
        batch
            .names
            .extend(keys.iter().map(|&key| (key, id.clone())));
        let entry = EntryState {
            article: Some(id.clone()),
            fingerprint: number,
            settled: now,
            failure: None,
            attempts: 0,
            idle_changes: 0,
            passed_over: false,
            rechecks: 0,
        };
        batch.entries.push((keys, entry));
        let fields = ["title", "text", "authors", "published", "modified", "image"];
        let article = ArticleState {
            version: 1,
            url: Some(format!(
                "https://news.example/2026/11/21/story-number-{number}"
            )),
            duplicate_of: None,
            published: None,
            content: number,
            values: fields.map(|field| (field.to_owned(), number)).to_vec(),
            settled: now,
        };
        batch.articles.push((id, article));
        batch.outbox.push("x".repeat(4000).into());
    }
    batch
}
