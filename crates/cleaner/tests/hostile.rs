//! Pages made to be slow: each ends within the budget, with whatever could be read.

use std::time::Duration;

use copydesk_cleaner::{Config, Input, clean};
use cpu_time::ThreadTime;

/// CPU time of one page; without optimisation ten times as much.
const CPU_MAX: Duration = Duration::from_millis(if cfg!(debug_assertions) { 6_000 } else { 500 });

/// Memory that a page takes at its peak, itself aside.
const KILOBYTES_MAX: usize = 64 * 1024;

/// Bytes of the longest pages: the daemon's own limit where `COPYDESK_LONG` is set.
fn long() -> usize {
    match std::env::var_os("COPYDESK_LONG") {
        Some(_) => 8 << 20,
        None => 1 << 20,
    }
}

fn check(name: &str, html: &str) {
    let held = peak_from_now();
    let started = ThreadTime::now();
    let input = Input {
        url: "https://quay.example/a/b-c",
        html,
        ..Input::default()
    };
    let _ = clean(&input, &Config::default());
    let elapsed = started.elapsed();
    assert!(elapsed < CPU_MAX, "{name}: {elapsed:.2?}");
    if let (Some(held), Some(peak)) = (held, kilobytes("VmHWM:")) {
        let taken = peak.saturating_sub(held);
        assert!(taken < KILOBYTES_MAX, "{name}: {taken} kB");
    }
}

/// Linux forgets this process's peak and says what it holds; None elsewhere.
fn peak_from_now() -> Option<usize> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    kilobytes("VmRSS:")
}

fn kilobytes(name: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
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
        ("attributes without end", filled("<p", " class=a")),
        (
            "attributes of many elements",
            filled("", "<i a=1 b=2 c=3 id=4>"),
        ),
        (
            "formatting misnested in paragraphs",
            filled("", "<p><b><i></b>x</i>"),
        ),
        ("tables in cells", filled("", "<table><tr><td>x")),
        ("text between cells", filled("<table>", "<tr>x<td>")),
        ("options", filled("<select>", "<option>x")),
        (
            "lists of choices",
            filled("", "<select><optgroup><option>x</select>"),
        ),
        ("one long text", filled("<p>", "word ")),
        ("one long word in scripts", filled("<p>", "字")),
        ("entities", filled("<p>", "&amp;")),
        ("entities without a name", filled("<p>", "&x")),
        ("numbers as entities", filled("<p>", "&#99999999999999;")),
        ("templates in templates", filled("", "<template><p>x")),
        ("drawings left by paragraphs", filled("", "<svg><p>x")),
        (
            "formulas left by paragraphs",
            filled("", "<math><mi><p>x</math>"),
        ),
        ("nulls", filled("<p>", "\0")),
        ("nulls in names", filled("", "<p\0 a\0=b>x")),
        ("paragraph ends", filled(&"<div>".repeat(500), "</p>")),
        ("end tags of nothing", filled("", "</section>")),
        ("hidden words", filled("", "<span style=display:none>x")),
        ("custom elements", filled("", "<x-a>y")),
        ("short paragraphs", filled("", "<p>One two.")),
        ("unlike paragraphs", unlike()),
        ("bylines", filled("", "<p class=author>By Ada Low")),
        (
            "JSON left open",
            filled("<script type=application/ld+json>", "{\"a\":["),
        ),
        ("metas", filled("", "<meta name=author content=x>")),
        ("angles", filled("", "<")),
    ] {
        check(name, &html);
    }
}

/// A beginning, and then one piece up to the longest page.
fn filled(start: &str, piece: &str) -> String {
    let mut page = start.to_owned();
    while page.len() < long() {
        page.push_str(piece);
    }
    page
}

/// Paragraphs of which no two are alike.
fn unlike() -> String {
    let mut page = String::new();
    let mut number = 0_u32;
    while page.len() < long() {
        number += 1;
        page.push_str(&format!(
            "<p class=c{number}>Words {number} of {} a story.",
            number * 7
        ));
    }
    page
}
