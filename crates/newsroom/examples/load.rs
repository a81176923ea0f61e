//! Runs a command against thousands of feeds on 500 loopback addresses, and prints whether each was
//! asked for in time and what the command cost.
//!
//! Half of the feeds answer 304, 5 % fail in mixed ways, 1 % take the request and never answer, and
//! the rest change with every answer and bring a story of their own every twenty minutes or so.
//!
//! `load FEEDS SECONDS DIR COMMAND...` writes `DIR/copydesk.toml` and `DIR/feeds.txt`, each feed to
//! be polled every 60 s; then for example `copydesk run --config DIR/copydesk.toml`.

use copydesk_newsroom::generate;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const HOSTS: usize = 500;
const INTERVAL_S: f64 = 60.0;
/// copydesk comes up to a tenth later by intent, so that feeds do not fall into step.
const JITTER_S: f64 = 6.0;
const ITEMS: u64 = 30;
/// Answers of a changing feed between two new stories.
const POLLS_A_STORY: u64 = 20;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Unchanged,
    Changing,
    Failing(u64),
    Hanging,
}

/// Scattered over the hosts, and the same in every run.
fn kind(feed: u64) -> Kind {
    match scattered(feed) % 100 {
        0 => Kind::Hanging,
        1..6 => Kind::Failing(scattered(feed + 1) % 5),
        6..56 => Kind::Unchanged,
        _ => Kind::Changing,
    }
}

fn scattered(number: u64) -> u64 {
    let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32
}

#[derive(Default, Clone)]
struct Asked {
    times: u64,
    last: Option<Instant>,
}

#[derive(Default)]
struct Ledger {
    feeds: Vec<Asked>,
    /// Seconds between two requests for one healthy feed.
    gaps: Vec<f64>,
    pages: u64,
}

struct Server {
    port: u16,
    ledger: Mutex<Ledger>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [feeds, seconds, directory, program, rest @ ..] = arguments.as_slice() else {
        return Err("load FEEDS SECONDS DIR COMMAND...".into());
    };
    let (feeds, seconds): (usize, u64) = (feeds.parse()?, seconds.parse()?);
    let directory = std::path::absolute(directory)?;
    std::fs::create_dir_all(&directory)?;
    // Every address of 127.0.0.0/8 leads here.
    let listener = TcpListener::bind(("0.0.0.0", 0)).await?;
    let server = Rc::new(Server {
        port: listener.local_addr()?.port(),
        ledger: Mutex::new(Ledger {
            feeds: vec![Asked::default(); feeds],
            ..Ledger::default()
        }),
    });
    write_lists(&directory, feeds, server.port)?;
    let log = directory.join("log");
    let mut child = Command::new(program)
        .args(rest)
        .current_dir(&directory)
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&log)?)
        .spawn()?;
    let serving = serve(listener, server.clone());
    let local = tokio::task::LocalSet::new();
    let ended = local.run_until(tokio::time::timeout(Duration::from_secs(seconds), serving));
    let _ = ended.await;
    let used = usage(&child);
    stop(&mut child)?;
    report(&server, feeds, seconds, used, &log);
    Ok(())
}

async fn serve(listener: TcpListener, server: Rc<Server>) {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::task::spawn_local(connection(stream, server.clone()));
        }
    }
}

/// Answers one request after another; an error ends the connection.
async fn connection(mut stream: TcpStream, server: Rc<Server>) -> std::io::Result<()> {
    let _ = stream.set_nodelay(true);
    let host = stream.local_addr()?.ip();
    let mut head = Vec::with_capacity(1024);
    loop {
        head.clear();
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut head).await? == 0 || head.len() > 16 << 10 {
                return Ok(());
            }
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        let path = text.split(' ').nth(1).unwrap_or_default();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let number = |at: usize| parts.get(at).and_then(|part| part.parse::<u64>().ok());
        match (parts[0], number(1), number(2)) {
            ("feed", Some(feed), None) => {
                let times = server.note(feed);
                let is_known = text.to_ascii_lowercase().contains("\r\nif-none-match:");
                let base = format!("http://{host}:{}", server.port);
                match kind(feed) {
                    Kind::Hanging => std::future::pending().await,
                    Kind::Unchanged if is_known => {
                        answer(&mut stream, "304 Not Modified", "etag: \"1\"", "").await?
                    }
                    Kind::Unchanged => {
                        let body = document(&base, feed, 0);
                        answer(&mut stream, "200 OK", "etag: \"1\"", &body).await?;
                    }
                    Kind::Changing => {
                        let body = document(&base, feed, times);
                        answer(&mut stream, "200 OK", "x-ok: 1", &body).await?;
                    }
                    Kind::Failing(0) => answer(&mut stream, "404 Not Found", "x-no: 1", "").await?,
                    Kind::Failing(1) => answer(&mut stream, "500 Oops", "x-no: 1", "").await?,
                    Kind::Failing(2) => {
                        answer(
                            &mut stream,
                            "200 OK",
                            "x-no: 1",
                            "<html><title>Soon</title>",
                        )
                        .await?
                    }
                    Kind::Failing(3) => answer(&mut stream, "200 OK", "x-no: 1", "{]").await?,
                    // Closed without a word.
                    Kind::Failing(_) => return Ok(()),
                }
            }
            ("story", Some(feed), Some(story)) => {
                server.lock().pages += 1;
                let body = page(feed, story);
                answer(&mut stream, "200 OK", "content-type: text/html", &body).await?;
            }
            _ => answer(&mut stream, "404 Not Found", "x-no: 1", "").await?,
        }
    }
}

async fn answer(
    stream: &mut TcpStream,
    status: &str,
    header: &str,
    body: &str,
) -> std::io::Result<()> {
    let length = match status.starts_with("304") {
        true => String::new(),
        false => format!("content-length: {}\r\n", body.len()),
    };
    let head = format!("HTTP/1.1 {status}\r\n{header}\r\n{length}\r\n{body}");
    stream.write_all(head.as_bytes()).await
}

/// The newest stories of a feed at its so-manieth answer, and a line that differs in each.
fn document(base: &str, feed: u64, times: u64) -> String {
    let newest =
        ITEMS + (times + scattered(feed)) / POLLS_A_STORY - scattered(feed) / POLLS_A_STORY;
    let mut text = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Paper {feed}</title><link>{base}/</link><description>Answer {times}</description>"
    );
    for story in (newest - ITEMS..newest).rev() {
        let _ = write!(
            text,
            "<item><guid>{base}/story/{feed}/{story}</guid><title>Story {story} of paper {feed}</title>\
             <link>{base}/story/{feed}/{story}</link><description>What happened, in one or two sentences that a reader \
             would want to see before going on to the whole of it.</description></item>"
        );
    }
    text.push_str("</channel></rss>");
    text
}

fn page(feed: u64, story: u64) -> String {
    let story = generate(feed << 20 | story, 1).remove(0);
    let paragraphs: String = (story.text().split("\n\n"))
        .map(|paragraph| format!("<p>{paragraph}</p>"))
        .collect();
    format!(
        "<!doctype html><html><head><title>{0}</title></head><body><nav><a href='/'>Home</a></nav>\
         <article><h1>{0}</h1>{paragraphs}</article><footer>All rights reserved</footer></body></html>",
        story.title
    )
}

impl Server {
    /// Counts a request for a feed; gives back how many there were before.
    fn note(&self, feed: u64) -> u64 {
        let mut ledger = self.lock();
        let Some(asked) = ledger.feeds.get_mut(feed as usize) else {
            return 0;
        };
        let now = Instant::now();
        let gap = asked.last.replace(now).map(|last| now - last);
        let times = asked.times;
        asked.times += 1;
        let is_healthy = matches!(kind(feed), Kind::Unchanged | Kind::Changing);
        if let Some(gap) = gap.filter(|_| is_healthy) {
            ledger.gaps.push(gap.as_secs_f64());
        }
        times
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.ledger.lock().expect("no holder of this lock panics")
    }
}

fn write_lists(directory: &Path, feeds: usize, port: u16) -> std::io::Result<()> {
    let urls: Vec<String> = (0..feeds)
        .map(|feed| {
            let host = feed % HOSTS;
            format!(
                "http://127.7.{}.{}:{port}/feed/{feed}",
                host / 250,
                host % 250 + 1
            )
        })
        .collect();
    let mut config = "[fetch]\nallow_private_addresses = true\ninterval = \"60s\"\ninterval_min = \"60s\"\nbackfill = 0\n".to_owned();
    for url in &urls {
        let _ = write!(config, "[[feed]]\nurl = \"{url}\"\ninterval = \"60s\"\n");
    }
    std::fs::write(directory.join("copydesk.toml"), config)?;
    std::fs::write(directory.join("feeds.txt"), urls.join("\n") + "\n")
}

/// Peak memory in MB and CPU seconds of a running process.
fn usage(child: &Child) -> (f64, f64) {
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", child.id()));
    let status = read("status").unwrap_or_default();
    let peak = status.lines().find_map(|line| {
        let kilobytes = line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?;
        kilobytes.parse::<f64>().ok()
    });
    let stat = read("stat").unwrap_or_default();
    let ticks: f64 = (stat.rsplit(')').next().unwrap_or_default())
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum();
    // Linux counts in hundredths of a second.
    (peak.unwrap_or(0.0) / 1000.0, ticks / 100.0)
}

fn stop(child: &mut Child) -> std::io::Result<()> {
    Command::new("kill").arg(child.id().to_string()).status()?;
    let since = Instant::now();
    while child.try_wait()?.is_none() {
        if since.elapsed() > Duration::from_secs(60) {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn report(server: &Server, feeds: usize, seconds: u64, (peak, cpu): (f64, f64), log: &Path) {
    let ledger = server.lock();
    let requests: u64 = ledger.feeds.iter().map(|asked| asked.times).sum();
    let healthy =
        (0..feeds as u64).filter(|&feed| matches!(kind(feed), Kind::Unchanged | Kind::Changing));
    let fewest = healthy.map(|feed| ledger.feeds[feed as usize].times).min();
    println!(
        "{feeds} feeds for {seconds} s: {requests} polls, {} pages",
        ledger.pages
    );
    let late = ledger
        .gaps
        .iter()
        .map(|gap| (gap - INTERVAL_S - JITTER_S).max(0.0));
    println!(
        "healthy feeds: each polled {} times or more",
        fewest.unwrap_or(0)
    );
    println!(
        "  seconds between two polls: {}",
        spread(ledger.gaps.clone())
    );
    println!(
        "  of that beyond interval and jitter: {}",
        spread(late.collect())
    );
    let log = std::fs::read_to_string(log).unwrap_or_default();
    let late = log.split("\"late_ms\":").skip(1).filter_map(|rest| {
        let digits = rest.split([',', '}']).next()?;
        Some(digits.parse::<f64>().ok()? / 1000.0)
    });
    println!(
        "  seconds late by its own log, all feeds: {}",
        spread(late.collect())
    );
    println!(
        "peak memory {peak:.0} MB, {cpu:.1} CPU seconds ({:.1} % of a core), {:.0} polls a CPU second",
        cpu * 100.0 / seconds as f64,
        requests as f64 / cpu
    );
}

fn spread(mut values: Vec<f64>) -> String {
    values.sort_by(f64::total_cmp);
    let at = |part: f64| {
        values
            .get((values.len() as f64 * part) as usize)
            .or(values.last())
    };
    match (at(0.5), at(0.99), values.last()) {
        (Some(median), Some(p99), Some(max)) => format!(
            "p50 {median:.2}, p99 {p99:.2}, max {max:.2} ({} values)",
            values.len()
        ),
        _ => "-".into(),
    }
}
