//! The tables of the file but `[[feed]]` and `[[site]]`: which keys each has.

use super::reader::{
    COUNT, COUNT_OR_ZERO, DURATION, DURATION_OR_ZERO, DURATIONS, SIZE, SIZE_OR_ZERO, Section, TEXT,
    TRUTH,
};
use super::shapes::{
    BACKFILL, COMPRESSION, DUPLICATES, DURABILITY, FOLDER, HEADERS, LISTEN, SECRET, SENT, SHARE,
};
use super::{Clean, Fetch, Output, State, Status, Traces};
use std::time::Duration;
use url::Url;

pub fn output(mut section: Section) -> Output {
    let mut output = Output::default();
    section.read("directory", &mut output.files.directory, FOLDER);
    section.read("duplicates", &mut output.duplicates, DUPLICATES);
    section.read("file_bytes_max", &mut output.files.file_bytes_max, SIZE);
    section.read("file_age_max", &mut output.files.file_age_max, DURATION);
    section.read("compression", &mut output.files.compression, COMPRESSION);
    section.read("durability", &mut output.files.durability, DURABILITY);
    section.read(
        "keep_age_max",
        &mut output.files.keep_age_max,
        DURATION_OR_ZERO,
    );
    section.read(
        "keep_bytes_max",
        &mut output.files.keep_bytes_max,
        SIZE_OR_ZERO,
    );
    section.finish();
    output
}

pub fn state(mut section: Section) -> State {
    let mut state = State::default();
    section.read("directory", &mut state.store.directory, FOLDER);
    section.read("remember", &mut state.store.remember, DURATION);
    section.read("commit_entries_max", &mut state.commit_entries_max, COUNT);
    section.read("commit_bytes_max", &mut state.commit_bytes_max, SIZE);
    section.read("commit_delay", &mut state.commit_delay, DURATION_OR_ZERO);
    section.read("stop_timeout", &mut state.stop_timeout, DURATION_OR_ZERO);
    section.finish();
    state
}

pub fn fetch(mut section: Section) -> Fetch {
    let mut fetch = Fetch::default();
    let client = &mut fetch.client;
    section.read("user_agent", &mut client.user_agent, SENT);
    section.read("timeout", &mut client.timeout, DURATION);
    section.read("connect_timeout", &mut client.connect_timeout, DURATION);
    section.read("read_timeout", &mut client.read_timeout, DURATION);
    section.read("feed_bytes_max", &mut client.feed_bytes_max, SIZE);
    section.read("page_bytes_max", &mut client.page_bytes_max, SIZE);
    section.read("bodies_bytes_max", &mut client.bodies_bytes_max, SIZE);
    section.read("redirects_max", &mut client.redirects_max, COUNT_OR_ZERO);
    section.read("host_concurrency", &mut client.host_concurrency, COUNT);
    section.read("host_gap", &mut client.host_gap, DURATION_OR_ZERO);
    let mut attempts = client.attempts_max as usize;
    section.read("attempts_max", &mut attempts, COUNT);
    client.attempts_max = u32::try_from(attempts).unwrap_or(u32::MAX);
    section.read(
        "retry_wait_max",
        &mut client.retry_wait_max,
        DURATION_OR_ZERO,
    );
    section.read("interval", &mut client.interval, DURATION);
    section.read("interval_min", &mut client.interval_min, DURATION);
    section.read("interval_max", &mut client.interval_max, DURATION);
    section.read("robots", &mut client.robots, TRUTH);
    section.read("robots_for_feeds", &mut client.robots_for_feeds, TRUTH);
    section.read(
        "allow_private_addresses",
        &mut client.allow_private_addresses,
        TRUTH,
    );
    section.read("http2", &mut client.http2, TRUTH);
    if client.interval_min > client.interval_max {
        section.object(
            "interval_min",
            "longer than interval_max",
            "make it the shorter of the two",
        );
    }
    section.read("polls_max", &mut fetch.polls_max, COUNT);
    section.read("entries_max", &mut fetch.entries_max, COUNT);
    section.read("host_entries_max", &mut fetch.host_entries_max, COUNT);
    section.read("backfill", &mut fetch.backfill, BACKFILL);
    section.read("recheck", &mut fetch.recheck, DURATIONS);
    section.finish();
    fetch
}

pub fn clean(mut section: Section) -> Clean {
    let mut clean = Clean::default();
    let cleaner = &mut clean.cleaner;
    section.read("nodes_max", &mut cleaner.nodes_max, COUNT);
    section.read("depth_max", &mut cleaner.depth_max, COUNT);
    let mut cpu_max = Duration::from_millis(cleaner.cpu_ms_max);
    section.read("cpu_max", &mut cpu_max, DURATION);
    cleaner.cpu_ms_max = u64::try_from(cpu_max.as_millis()).unwrap_or(u64::MAX);
    section.read("words_min", &mut cleaner.words_min, COUNT_OR_ZERO);
    section.read("threads", &mut clean.threads, COUNT_OR_ZERO);
    section.finish();
    clean
}

pub fn dedup(mut section: Section) -> copydesk_deduplicator::Config {
    let mut dedup = copydesk_deduplicator::Config::default();
    section.read("window", &mut dedup.window, DURATION);
    section.read("documents_max", &mut dedup.documents_max, COUNT);
    section.finish();
    dedup
}

pub fn status(mut section: Section) -> Status {
    let mut status = Status::default();
    section.read("listen", &mut status.listen, LISTEN);
    section.read("token", &mut status.token, SECRET);
    section.read(
        "recent_bytes_max",
        &mut status.recent_bytes_max,
        SIZE_OR_ZERO,
    );
    section.read("host_metrics", &mut status.host_metrics, TRUTH);
    let is_open = status.listen.is_some_and(|at| !at.ip().is_loopback());
    if is_open && !section.has("token") {
        section.object(
            "listen",
            "others than this machine can reach it",
            "add token = { env = \"NAME\" }",
        );
    }
    section.finish();
    status
}

pub fn traces(mut section: Section) -> Traces {
    let mut traces = Traces::default();
    section.read("endpoint", &mut traces.endpoint, TEXT);
    section.read("headers", &mut traces.headers, HEADERS);
    section.read("sample_share", &mut traces.sample_share, SHARE);
    section.read("queue_max", &mut traces.queue_max, COUNT);
    section.read("timeout", &mut traces.timeout, DURATION);
    if let Some(endpoint) = &traces.endpoint {
        if !Url::parse(endpoint).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
            section.object(
                "endpoint",
                "not an http or https URL",
                "write for example endpoint = \"http://127.0.0.1:4318/v1/traces\"",
            );
        }
        if !cfg!(feature = "opentelemetry") {
            section.object(
                "endpoint",
                "this copydesk was built without traces",
                "build it with --features opentelemetry, or remove [traces]",
            );
        }
    }
    section.finish();
    traces
}
