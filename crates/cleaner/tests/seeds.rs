//! Five articles as they were scraped, as plain text and as pages of several makes: what is no story
//! goes, and of the story goes nothing. Their texts are no part of the project; none of their words
//! stand here.

use std::path::PathBuf;

use copydesk_cleaner::{Config, Input, clean, clean_text};
use copydesk_model::Article;

/// What goes out of an article, by the places of its lines.
struct Seed {
    number: usize,
    /// Lines at the head that are no story, and at the tail.
    head: usize,
    tail: usize,
    /// Openings of further lines that go.
    gone: &'static [&'static str],
    /// What goes before the first sentence.
    dateline: &'static str,
    has_title: bool,
    /// Agency, dateline, image credit.
    fields: [Option<&'static str>; 3],
}

#[rustfmt::skip]
const SEEDS: &[Seed] = &[
    Seed { number: 0, head: 1, tail: 1, gone: &[], dateline: "", has_title: true, fields: [None, None, None] },
    Seed { number: 1, head: 1, tail: 1, gone: &["Published", "Photo:"], dateline: "", has_title: true, fields: [None, None, Some("amu.tv")] },
    Seed { number: 2, head: 1, tail: 0, gone: &[], dateline: "(The Post News) –", has_title: false, fields: [None, None, Some("Modern Diplomacy")] },
    Seed { number: 3, head: 0, tail: 1, gone: &[], dateline: "", has_title: false, fields: [Some("ANI"), None, None] },
    Seed { number: 4, head: 0, tail: 0, gone: &[], dateline: "ISLAMABAD:", has_title: false, fields: [None, Some("ISLAMABAD"), None] },
];

#[test]
fn seeds_lose_their_residue_and_no_sentence() {
    let Some(folder) = seeds() else { return };
    for seed in SEEDS {
        let path = folder.join(format!("seed-{}.txt", seed.number));
        let raw = std::fs::read_to_string(path).expect("a readable seed");
        let lines: Vec<&str> = raw
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let forms = [
            ("plain text", clean_text(&raw, &Config::default())),
            ("paragraphs", page(&paragraphs(&lines, "<p>", "</p>"))),
            (
                "boxes",
                page(&paragraphs(&lines, "<div class=x>", "</div>")),
            ),
            ("breaks", page(&paragraphs(&lines, "", "<br><br>"))),
            ("a template", page(&template(&lines, seed.has_title))),
        ];
        for (form, article) in forms {
            let article =
                article.unwrap_or_else(|failure| panic!("{} {form}: {failure:?}", seed.number));
            check(seed, &lines, &article, form);
        }
    }
}

fn check(seed: &Seed, lines: &[&str], article: &Article, form: &str) {
    let place = format!("seed {} as {form}", seed.number);
    let story = lines[seed.head..lines.len() - seed.tail].iter();
    let mut wanted: Vec<&str> = story
        .filter(|line| !seed.gone.iter().any(|gone| line.starts_with(gone)))
        .copied()
        .collect();
    wanted[0] = wanted[0].trim_start_matches(seed.dateline).trim_start();
    let got: Vec<&str> = article.text.split("\n\n").collect();
    assert_eq!(got, wanted, "{place}");
    assert_eq!(
        article.title.as_deref(),
        seed.has_title.then_some(lines[0]),
        "{place}"
    );
    let fields = [&article.agency, &article.dateline, &article.image_credit];
    assert_eq!(fields.map(Option::as_deref), seed.fields, "{place}");
    assert_eq!(article.published, None, "{place}");
}

fn page(body: &str) -> Result<Article, copydesk_model::Failure> {
    let html = format!("<!doctype html><html><body>{body}</body></html>");
    let input = Input {
        url: "https://quay.example/world/talks-end",
        html: &html,
        ..Input::default()
    };
    clean(&input, &Config::default())
}

fn paragraphs(lines: &[&str], open: &str, close: &str) -> String {
    let escape = |line: &str| line.replace('&', "&amp;").replace('<', "&lt;");
    let written = lines
        .iter()
        .map(|line| format!("{open}{}{close}\n", escape(line)));
    format!("<article>{}</article>", written.collect::<String>())
}

/// With a heading, a menu, other headlines and a footer.
fn template(lines: &[&str], has_title: bool) -> String {
    let (title, lines) = lines.split_at(usize::from(has_title));
    let title: String = title
        .iter()
        .map(|title| format!("<h1>{title}</h1>"))
        .collect();
    let teaser = "<li><a href=/o>Harbour opens its new pier to visitors</a></li>";
    format!(
        "<header><nav><a href=/>Home</a> <a href=/world>World</a></nav></header><main>{title}<div class=article-body>{}</div><aside class=related><h3>More from the quay</h3><ul>{}</ul></aside></main><footer><p>© The Quay. All rights reserved.</p></footer>",
        paragraphs(lines, "<p>", "</p>"),
        teaser.repeat(6)
    )
}

fn seeds() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let root = std::env::var_os("COPYDESK_SHARED").map_or_else(|| beside.into(), PathBuf::from);
    let folder = root.join("seeds");
    let is_there = folder.exists();
    if !is_there {
        eprintln!(
            "SKIPPED: {} is absent; set COPYDESK_SHARED to the folder that holds seeds",
            folder.display()
        );
    }
    is_there.then_some(folder)
}
