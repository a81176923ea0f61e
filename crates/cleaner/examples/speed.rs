//! CPU time of cleaning against that of scraper's bare parse of the same pages, in rounds.
//!
//! NDJSON pages on stdin, as for `clean`.

use std::io::BufRead;
use std::time::Duration;

use copydesk_cleaner::{Config, Input, clean};
use cpu_time::ThreadTime;

const ROUNDS: usize = 5;

fn main() -> std::io::Result<()> {
    let mut pages = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        pages.push(line["html"].as_str().unwrap_or("").to_owned());
    }
    let config = Config::default();
    let (mut parse_best, mut clean_best) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let parse = time(&pages, |html| drop(scraper::Html::parse_document(html)));
        let cleaning = time(&pages, |html| {
            let input = Input {
                html,
                ..Input::default()
            };
            drop(clean(&input, &config));
        });
        (parse_best, clean_best) = (parse_best.min(parse), clean_best.min(cleaning));
    }
    let share = clean_best.as_secs_f64() / parse_best.as_secs_f64();
    println!(
        "{} pages: bare parse {parse_best:.2?}, clean {clean_best:.2?}, ratio {share:.2}",
        pages.len()
    );
    Ok(())
}

fn time(pages: &[String], work: impl Fn(&str)) -> Duration {
    let started = ThreadTime::now();
    pages.iter().for_each(|html| work(html));
    started.elapsed()
}
