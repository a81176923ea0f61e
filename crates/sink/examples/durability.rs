//! What forcing lines to the disk costs: `cargo run --release -p copydesk-sink --example durability
//! -- FOLDER`. Commits 400 batches of 20 lines of 4 kB and writes them as the daemon does, each with
//! its sync ("commit"), with one every second, and with none; three rounds of each, in turn.

use copydesk_model::Stream;
use copydesk_sink::{Config, Cursor, Durability, Writer, plan};
use copydesk_store::{Batch, Store};
use jiff::Timestamp;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

const BATCHES: usize = 400;
const LINES: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os()
        .nth(1)
        .ok_or("usage: durability FOLDER")?;
    let modes = [
        ("none", Durability::Interval(Duration::MAX)),
        ("1s", Durability::Interval(Duration::from_secs(1))),
        ("commit", Durability::Commit),
    ];
    let mut best = [Duration::MAX; 3];
    for round in 0..3 {
        for (place, (name, durability)) in modes.into_iter().enumerate() {
            let folder = Path::new(&folder).join(format!("{name}-{round}"));
            best[place] = best[place].min(run(&folder, durability)?);
        }
    }
    let lines = (BATCHES * LINES) as f64;
    for ((name, _), best) in modes.iter().zip(best) {
        println!("{name:7} {:8.0} lines a second", lines / best.as_secs_f64());
    }
    println!(
        "none takes {:.2} of the time of commit",
        best[0].as_secs_f64() / best[2].as_secs_f64()
    );
    Ok(())
}

fn run(folder: &Path, durability: Durability) -> Result<Duration, Box<dyn Error>> {
    let store = Store::open(copydesk_store::Config {
        directory: folder.join("state"),
        ..Default::default()
    })?;
    let config = Config {
        directory: folder.join("out"),
        durability,
        ..Config::default()
    };
    let mut writer = Writer::open(config.clone())?;
    let (mut cursor, mut done) = (Cursor::default(), None);
    let lines: Vec<String> = (0..LINES).map(|_| "x".repeat(4000) + "\n").collect();
    let started = Instant::now();
    for _ in 0..BATCHES {
        let now = Timestamp::now();
        let steps = plan(&config, &mut cursor, Stream::Articles, &lines, now);
        let batch = Batch {
            outbox: steps
                .iter()
                .map(serde_json::to_value)
                .collect::<Result<_, _>>()?,
            outbox_done: done,
            values: vec![("cursor", serde_json::to_value(&cursor)?)],
            ..Batch::default()
        };
        let last = store.commit(&batch, now)?;
        for step in &steps {
            writer.apply(step)?;
        }
        // Without syncs the rows would pile up; that they go is what "none" risks.
        if writer.sync()? || durability == Durability::Interval(Duration::MAX) {
            done = Some(last);
        }
    }
    Ok(started.elapsed())
}
