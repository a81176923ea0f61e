//! What arrives at a collector of traces; wants `--features opentelemetry`.

#![allow(clippy::unwrap_used)] // What is read here was written by our own exporter.

mod support;

use copydesk_newsroom::{FeedKind, Misbehaviour, Newsroom, Site, generate};
use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use support::Desk;

/// A collector on loopback that keeps the spans it is sent.
struct Collector {
    endpoint: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

#[derive(Debug, Clone)]
struct Span {
    trace: Vec<u8>,
    id: Vec<u8>,
    /// Empty for a root.
    parent: Vec<u8>,
    name: String,
    start: u64,
    end: u64,
    facts: BTreeMap<String, String>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let spans = Arc::new(Mutex::default());
        let kept: Arc<Mutex<Vec<Span>>> = spans.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.expect("a connection");
                let body = body(&mut connection);
                kept.lock().unwrap().extend(spans_of(&body));
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                connection.write_all(answer.as_bytes()).expect("it reads");
            }
        });
        Self {
            endpoint: format!("http://{address}/v1/traces"),
            spans,
        }
    }

    /// By trace.
    fn traces(&self) -> Vec<Vec<Span>> {
        let mut traces: HashMap<Vec<u8>, Vec<Span>> = HashMap::new();
        for span in self.spans.lock().unwrap().drain(..) {
            traces.entry(span.trace.clone()).or_default().push(span);
        }
        traces.into_values().collect()
    }
}

/// The body of a request; its head says what is promised.
fn body(connection: &mut impl Read) -> Vec<u8> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        connection.read_exact(&mut byte).expect("a head");
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("a head is text");
    assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{head}");
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.unwrap_or_else(|| panic!("no {name} in {head}")).1
    };
    assert_eq!(header("content-type"), "application/x-protobuf");
    assert_eq!(header("x-api-key"), "k3y");
    let mut body = vec![0; header("content-length").parse().expect("a number")];
    connection.read_exact(&mut body).expect("a body");
    body
}

/// The fields of a protobuf message: numbers, and the bytes of their values.
fn fields(mut message: &[u8]) -> Vec<(u64, &[u8])> {
    fn varint(message: &mut &[u8]) -> u64 {
        let length = 1 + message.iter().position(|byte| byte & 0x80 == 0).unwrap();
        let (bytes, rest) = message.split_at(length);
        *message = rest;
        let parts = bytes.iter().rev();
        parts.fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f))
    }
    let mut fields = Vec::new();
    while !message.is_empty() {
        let key = varint(&mut message);
        let length = match key & 7 {
            0 => {
                varint(&mut message);
                0
            }
            1 => 8,
            2 => varint(&mut message) as usize,
            5 => 4,
            other => panic!("wire type {other}"),
        };
        let (value, rest) = message.split_at(length);
        fields.push((key >> 3, value));
        message = rest;
    }
    fields
}

fn all(message: &[u8], number: u64) -> impl Iterator<Item = &[u8]> {
    let fields = fields(message).into_iter();
    fields
        .filter(move |field| field.0 == number)
        .map(|field| field.1)
}

/// The numbers are those of opentelemetry/proto/trace/v1/trace.proto.
fn spans_of(request: &[u8]) -> Vec<Span> {
    let scopes = all(request, 1).flat_map(|resource| all(resource, 2));
    let spans = scopes.flat_map(|scope| all(scope, 2));
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let read = |span: &[u8]| {
        let one = |number| all(span, number).next().unwrap_or_default();
        let time = |number| u64::from_le_bytes(one(number).try_into().unwrap());
        let fact = |fact: &[u8]| {
            let value = all(fact, 2).next().unwrap();
            let value = all(value, 1).next().unwrap_or_default();
            (text(all(fact, 1).next().unwrap()), text(value))
        };
        Span {
            trace: one(1).to_vec(),
            id: one(2).to_vec(),
            parent: one(4).to_vec(),
            name: text(one(5)),
            start: time(7),
            end: time(8),
            facts: all(span, 9).map(fact).collect(),
        }
    };
    spans.map(read).collect()
}

async fn newsroom() -> Newsroom {
    let stories = generate(11, 3);
    let sites = vec![
        Site {
            stories: stories.clone(),
            ..Site::new("harbour", "The Harbour Gazette")
        },
        Site {
            stories: stories[..1].to_vec(),
            ..Site::new("valley", "The Valley Herald")
        },
    ];
    Newsroom::start(sites)
        .await
        .expect("loopback addresses are free")
}

fn desk(newsroom: &Newsroom, endpoint: &str, share: f32) -> Desk {
    let feeds = ["harbour", "valley"].map(|name| newsroom.site(name).feed_url(FeedKind::Rss));
    let traces = format!(
        "[traces]\nendpoint = {endpoint:?}\nheaders = {{ x-api-key = \"k3y\" }}\nsample_share = {share:?}\ntimeout = \"5s\""
    );
    Desk::new(&feeds, &traces)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_entry_is_one_trace_with_its_stages_below_one_root() {
    let (newsroom, collector) = (newsroom().await, Collector::start());
    let lost = newsroom.site("harbour").stories()[2].path();
    newsroom
        .site("harbour")
        .misbehave(&lost, Misbehaviour::status(404));
    let (sums, _) = desk(&newsroom, &collector.endpoint, 1.0).once();
    assert_eq!((sums.entries, sums.duplicates, sums.failed), (4, 1, 1));
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for spans in collector.traces() {
        let (roots, children): (Vec<_>, Vec<_>) =
            spans.iter().partition(|span| span.parent.is_empty());
        let [root] = roots[..] else {
            panic!("one root: {spans:?}")
        };
        assert_eq!(root.name, "entry");
        assert!(root.facts["url.full"].starts_with("http://"), "{root:?}");
        assert!(root.facts["copydesk.feed"].ends_with(FeedKind::Rss.path()));
        let mut children = children;
        children.sort_by_key(|span| span.start);
        for child in &children {
            assert_eq!(child.parent, root.id, "{child:?}");
            // The two clocks that times are made of may differ by a little.
            assert!(child.start + 1_000_000 >= root.start && child.end >= child.start);
            assert!(child.end <= root.end + 1_000_000, "{child:?} {root:?}");
        }
        let stages: Vec<_> = children.iter().map(|span| span.name.as_str()).collect();
        let outcome = &root.facts["copydesk.outcome"];
        match outcome.as_str() {
            "failed" => {
                assert_eq!(stages, ["poll", "fetch", "commit"]);
                assert_eq!(root.facts["error.type"], "http_status");
            }
            _ => {
                assert_eq!(stages, ["poll", "fetch", "clean", "judge", "commit"]);
                assert!(!root.facts["copydesk.id"].is_empty());
            }
        }
        *outcomes.entry(outcome.clone()).or_default() += 1;
    }
    let wanted = [("duplicate", 1), ("failed", 1), ("new", 2)];
    assert_eq!(
        outcomes,
        wanted
            .map(|(outcome, count)| (outcome.to_owned(), count))
            .into()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_outside_the_sample_send_nothing_and_a_collector_that_is_gone_costs_no_entry() {
    let (newsroom, collector) = (newsroom().await, Collector::start());
    let (sums, _) = desk(&newsroom, &collector.endpoint, 0.0).once();
    assert_eq!((sums.entries, collector.traces().len()), (4, 0));
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let endpoint = format!("http://{}/v1/traces", nobody.expect("a free port"));
    let (sums, output) = desk(&newsroom, &endpoint, 1.0).once();
    assert_eq!((sums.entries, sums.failed), (4, 0));
    let log = String::from_utf8_lossy(&output.stderr);
    let told = log.lines().find(|line| line.contains("spans lost"));
    let told = told.unwrap_or_else(|| panic!("{log}"));
    assert!(told.contains("\"dropped\":0,\"unsent\":"), "{told}");
}
