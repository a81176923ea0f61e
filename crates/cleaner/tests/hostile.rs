//! Pages made to be slow: each ends within the budget, with whatever could be read.

use std::time::Duration;

use copydesk_cleaner::{Config, Input, clean};
use cpu_time::ThreadTime;

/// CPU time of one page; without optimisation ten times as much.
const CPU_MAX: Duration = Duration::from_millis(if cfg!(debug_assertions) { 6_000 } else { 500 });

fn check(name: &str, html: &str) {
    let started = ThreadTime::now();
    let input = Input {
        url: "https://quay.example/a/b-c",
        html,
        ..Input::default()
    };
    let _ = clean(&input, &Config::default());
    let elapsed = started.elapsed();
    assert!(elapsed < CPU_MAX, "{name}: {elapsed:.2?}");
}

#[test]
fn hostile_pages_stay_inside_the_budget() {
    let unclosed_bold: String = (0..2000).map(|n| format!("<p><b a{n}>x")).collect();
    let attributes: String = (0..20_000).map(|n| format!(" a{n}=1")).collect();
    for (name, html) in [
        (
            "div nested",
            "<div>".repeat(100_000) + "x" + &"</div>".repeat(100_000),
        ),
        ("lists nested", "<ul><li>".repeat(8_000)),
        (
            "stray paragraph ends",
            "<div>".repeat(10_000) + &"</p>".repeat(10_000),
        ),
        ("links around blocks", "<a><div>".repeat(8_000)),
        ("bold left open", unclosed_bold),
        ("attributes", format!("<p{attributes}>x")),
        ("bold nested", "<b>".repeat(200_000) + "x"),
        ("formatting misnested", "<a><i>".repeat(40_000)),
        ("tables nested", "<table><td>".repeat(10_000)),
        ("fostered text", "<table>x".repeat(20_000)),
        ("svg left open", "<svg>".repeat(50_000)),
        ("nav left open", "<nav><div>".repeat(20_000)),
        ("templates", "<template>".repeat(20_000)),
        ("selects", "<select>".repeat(100_000)),
        ("comment left open", "<!--".repeat(100_000)),
        ("quotes left open", "<a href=\"".repeat(50_000)),
        ("articleBody repeated", "\"articleBody\":\"x".repeat(20_000)),
        ("one long word", "x".repeat(1_000_000)),
        (
            "many blocks",
            "<p>Some words of a story, said again.</p>".repeat(25_000),
        ),
        ("many titles", "<title>x".repeat(50_000)),
    ] {
        check(name, &html);
    }
}
