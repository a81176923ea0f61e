//! The status page: everything on one page, each part drawn by a function of its own, so that the
//! stream of live updates sends the same markup that the page was made of.

use super::chart;
use super::feeds::{self, Query};
use crate::overview::Overview;
use crate::recent::Seen;
use crate::words;
use copydesk_fetcher::shown_text;
use copydesk_model::Op;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

/// Articles and failures shown.
const LATEST: usize = 30;

type Draw = fn(&Overview, &Query, Timestamp) -> Markup;

/// The parts that change while one looks, by the id of their element.
pub const PARTS: &[(&str, Draw)] = &[
    ("health", |overview, _, _| health(overview)),
    ("pipeline", |overview, _, _| pipeline(overview)),
    ("day", |overview, _, now| {
        chart::day(&overview.summary.history.day(now))
    }),
    ("feeds", feeds::table),
    ("latest", |overview, query, now| {
        latest(overview, query, now)
    }),
    ("failures", |overview, _, now| failures(overview, now)),
];

/// The whole page.
pub fn page(overview: &Overview, query: &Query, now: Timestamp) -> Markup {
    let part = |id: &str| {
        let draw = PARTS.iter().find(|(name, _)| *name == id);
        html! { div id=(id) data-live { @if let Some((_, draw)) = draw { (draw(overview, query, now)) } } }
    };
    frame(
        "copydesk",
        html! {
            (part("health"))
            section aria-labelledby="pipeline-title" {
                h2 id="pipeline-title" { "Pipeline" }
                (part("pipeline"))
            }
            section aria-labelledby="day-title" {
                h2 id="day-title" { "Last 24 hours" }
                (part("day"))
            }
            section aria-labelledby="feeds-title" {
                h2 id="feeds-title" { "Feeds" }
                (feeds::form(query))
                (part("feeds"))
            }
            section aria-labelledby="latest-title" {
                h2 id="latest-title" { "Latest articles" }
                (part("latest"))
            }
            section aria-labelledby="failures-title" {
                h2 id="failures-title" { "Came to nothing" }
                (part("failures"))
            }
        },
        &started(overview),
    )
}

/// What every page has around its content.
pub fn frame(title: &str, content: Markup, foot: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
                // It sets the colours that were chosen before anything is drawn.
                script src="/script.js" {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header {
                    a.name href="/" { "copydesk" }
                    nav {
                        a href="/#feeds-title" { "Feeds" }
                        a href="/#latest-title" { "Articles" }
                        a href="/#failures-title" { "Failures" }
                        button #theme type="button" hidden { "Dark" }
                    }
                }
                main #main { (content) }
                footer { (foot) span #live {} }
            }
        }
    }
}

fn started(overview: &Overview) -> String {
    format!(
        "copydesk {} · running since {} ",
        env!("CARGO_PKG_VERSION"),
        words::moment(overview.started)
    )
}

fn health(overview: &Overview) -> Markup {
    let failing = overview.failing();
    html! {
        @if failing.is_empty() {
            p.state.good role="status" { strong { "Healthy." } " " (overview.sentence()) }
        } @else {
            div.state.bad role="alert" {
                strong { "Not healthy." }
                ul { @for (part, reason) in &failing { li { b { (part.name()) } ": " (reason) } } }
            }
        }
        @if let Some(reload) = overview.last_reload() {
            @if let Some(why) = &reload.refused {
                p.state.bad role="alert" { strong { "The new configuration was refused" } " at " (words::clock(reload.at)) ", the old one is in force: " (why) }
            }
            @if let Some(done) = &reload.applied {
                p.note { "Configuration reloaded at " (words::clock(reload.at)) ": " (done) }
            }
        }
    }
}

/// What each stage does, what waits before it, and which channel that is.
const STAGES: &[(&str, &str, Option<&str>, &str)] = &[
    ("poll", "polls", Some("polls"), "under way"),
    (
        "fetch",
        "pages",
        Some("entries"),
        "entries between poll and commit",
    ),
    ("clean", "pages", Some("clean"), "waiting"),
    ("judge", "articles", Some("desk"), "waiting"),
    ("commit", "entries", None, ""),
    ("write", "lines", Some("writer"), "batches waiting"),
];

fn pipeline(overview: &Overview) -> Markup {
    let rates = overview.summary.history.rates();
    let rate = |stage: &str| {
        rates
            .iter()
            .find(|(name, _)| *name == stage)
            .map_or(0.0, |(_, rate)| *rate)
    };
    html! {
        ol.pipeline {
            @for (stage, unit, queue, meaning) in STAGES {
                li data-stage=(stage) {
                    span.stage { (stage) }
                    span.rate { (words::rate(rate(stage))) }
                    span.unit { (unit) " / s" }
                    @if let Some(level) = queue.and_then(|queue| overview.level(queue)) {
                        @let depth = level.depth();
                        @let high = (level.capacity * 3 / 4).max(1).to_string();
                        meter min="0" max=(level.capacity) high=(high) value=(depth)
                            aria-label=(format!("{stage}: {depth} of {} {meaning}", level.capacity)) {}
                        span.queue { (depth) " / " (level.capacity) " " (meaning) }
                    }
                }
            }
        }
    }
}

/// The latest articles and what became of them.
fn latest(overview: &Overview, query: &Query, now: Timestamp) -> Markup {
    let is_wanted = |seen: &Seen| match query.show.as_str() {
        "new" => seen.op == Op::New,
        "update" => seen.op == Op::Update,
        "duplicate" => seen.op == Op::Duplicate,
        _ => true,
    };
    let articles = overview.recent.latest(LATEST, is_wanted);
    html! {
        p.tabs {
            @for (show, name) in [("", "all"), ("new", "new"), ("update", "updates"), ("duplicate", "duplicates")] {
                a href=(query.with("show", show)) aria-current=[(query.show == show).then_some("true")] { (name) }
            }
        }
        @if articles.is_empty() { p.note { "Nothing yet." } }
        ul.articles {
            @for seen in &articles {
                li {
                    span class={ "badge " (words::op(seen.op)) } { (words::op(seen.op)) }
                    a.title href={ "/article/" (seen.number) } dir="auto" { (title(seen)) }
                    span.meta {
                        (seen.source) " · " (words::since(seen.at, now))
                        @if let Some(agency) = &seen.agency { " · " (agency) }
                    }
                    @if let Some(why) = why(overview, seen) { span.why { (why) } }
                }
            }
        }
    }
}

pub fn title(seen: &Seen) -> &str {
    if seen.title.is_empty() {
        "(no title)"
    } else {
        &seen.title
    }
}

/// Why it is not simply a new line.
pub fn why(overview: &Overview, seen: &Seen) -> Option<String> {
    if seen.op == Op::Update {
        return Some(format!(
            "version {}: {} changed",
            seen.version,
            seen.changed.join(", ")
        ));
    }
    let (kind, share) = seen.kind?;
    let first = seen.originals.first();
    let place = match first {
        Some((_, None)) => "in a copy of it",
        _ => "there",
    };
    let original = first.and_then(|(id, _)| overview.recent.with_id(id));
    let original = original.map_or_else(
        || "an earlier article".to_owned(),
        // Isolated: its script turns nothing around it.
        |original| {
            format!(
                "“\u{2068}{}\u{2069}”, {}",
                title(&original),
                original.source
            )
        },
    );
    Some(format!(
        "{} {original}: {} of its words stand {place}",
        words::kind(kind),
        words::percent(share)
    ))
}

/// The latest entries that came to nothing, and why.
fn failures(overview: &Overview, now: Timestamp) -> Markup {
    let failures = overview.summary.failures();
    html! {
        @if failures.is_empty() { p.note { "Nothing." } }
        ul.articles {
            @for failed in failures.iter().rev().take(LATEST) {
                li {
                    span.badge.failed { (failed.failure.reason.code()) }
                    span.title { (failed.url.as_deref().map(shown_text).unwrap_or_else(|| "an entry without a link".into())) }
                    span.meta { (failed.feed) " · " (words::since(failed.at, now)) }
                    span.why {
                        (failed.failure.detail)
                        @if failed.failure.retry_after.is_some() { "; it will be tried again" }
                    }
                }
            }
        }
    }
}
