//! How much a poll costs. Polls so many feeds on five hundred loopback addresses for some rounds,
//! half of them asked conditionally and answering 304, and prints the time of each round, then this
//! process's peak memory and its user and system ticks. The server is a process of its own.
//!
//! `polling serve PORT &` then `polling poll PORT FEEDS ROUNDS`

use copydesk_fetcher::{Config, Feed, FeedState, Fetcher, PollOutcome};
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| -> usize {
        arguments
            .get(at)
            .and_then(|text| text.parse().ok())
            .expect("serve PORT | poll PORT FEEDS ROUNDS")
    };
    match arguments.first().map(String::as_str) {
        Some("serve") => serve(number(1)).await,
        _ => poll(number(1), number(2), number(3)).await,
    }
}

async fn serve(port: usize) {
    let items: String = (0..30)
        .map(|item| format!("<item><guid>{item}</guid><title>Story {item}</title><link>https://a.example/{item}</link><description>{}</description></item>", "The storm hit the coast. ".repeat(8)))
        .collect();
    let body: Arc<str> =
        format!("<rss version=\"2.0\"><channel><title>Daily</title>{items}</channel></rss>").into();
    let listener = TcpListener::bind(("0.0.0.0", u16::try_from(port).expect("a port")))
        .await
        .expect("a free port");
    while let Ok((mut stream, _)) = listener.accept().await {
        let body = Arc::clone(&body);
        tokio::spawn(async move {
            let mut head = vec![0; 8192];
            while let Ok(count) = stream.read(&mut head).await {
                if count == 0 {
                    return;
                }
                let is_conditional = head[..count]
                    .windows(13)
                    .any(|window| window.eq_ignore_ascii_case(b"if-none-match"));
                let answer = match is_conditional {
                    true => "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned(),
                    false => format!(
                        "HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    ),
                };
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
        });
    }
}

async fn poll(port: usize, feeds: usize, rounds: usize) {
    let config = Config {
        allow_private_addresses: true,
        host_gap: Duration::ZERO,
        ..Config::default()
    };
    let fetcher = Arc::new(Fetcher::new(config).expect("a good configuration"));
    let mut known: Vec<(Feed, FeedState)> = (0..feeds)
        .map(|feed| {
            let (host, unconditional) = (feed % 500, feed % 2 == 0);
            let url = format!(
                "http://127.0.{}.{}:{port}/{feed}",
                host / 250,
                host % 250 + 1
            );
            (
                Feed {
                    url,
                    unconditional,
                    ..Feed::default()
                },
                FeedState::default(),
            )
        })
        .collect();
    for round in 0..rounds {
        let start = Instant::now();
        let polls = futures_util::stream::iter(known).map(|(feed, state)| {
            let fetcher = Arc::clone(&fetcher);
            tokio::spawn(async move {
                let poll = fetcher.poll(&feed, &state).await;
                // The document goes here: a daemon hands it on and keeps none.
                (
                    feed,
                    poll.state,
                    matches!(poll.outcome, PollOutcome::Failed(_)),
                )
            })
        });
        let polled: Vec<_> = polls
            .buffer_unordered(256)
            .map(|joined| joined.expect("no panic"))
            .collect()
            .await;
        let failed = polled.iter().filter(|(_, _, failed)| *failed).count();
        known = polled
            .into_iter()
            .map(|(feed, state, _)| (feed, state))
            .collect();
        println!(
            "round {round}: {feeds} polls, {failed} failed, {} ms",
            start.elapsed().as_millis()
        );
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or_default()
        .to_owned();
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: Vec<u64> = stat
        .split(' ')
        .filter_map(|field| field.parse().ok())
        .collect();
    println!("{peak}; user and system ticks {:?}", ticks.get(10..13));
}
