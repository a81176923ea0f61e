//! A folder a case: `page.html` (and `url`, where the address matters) in, `expected.json` out. `UPDATE=1 cargo test` writes what came out;
//! read the diff.

use std::path::Path;

use copydesk_cleaner::{Config, Input, clean};
use serde_json::{Value, json};

#[test]
fn every_page_gives_its_story() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut cases: Vec<_> = folder
        .read_dir()
        .expect("the folder of cases")
        .map(|case| case.expect("a readable folder").path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let html = std::fs::read_to_string(case.join("page.html")).expect("a page");
        let url = std::fs::read_to_string(case.join("url"));
        let url = url.as_deref().map_or(URL, str::trim);
        let got = story(url, &html);
        let path = case.join("expected.json");
        if std::env::var_os("UPDATE").is_some() {
            let text = serde_json::to_string_pretty(&got).expect("plain JSON");
            std::fs::write(&path, text + "\n").expect("a writable folder");
            continue;
        }
        let wanted = std::fs::read_to_string(&path).expect("UPDATE=1 writes it");
        let wanted: Value = serde_json::from_str(&wanted).expect("JSON");
        if got != wanted {
            wrong.push(format!(
                "{}\n got {got:#}\n wanted {wanted:#}",
                case.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where a page stands that brings no address of its own.
const URL: &str = "https://quay.example/harbour/old-bridge-to-be-rebuilt";

fn story(url: &str, html: &str) -> Value {
    let input = Input {
        url,
        html,
        ..Input::default()
    };
    match clean(&input, &Config::default()) {
        Ok(article) => json!({
            "title": article.title,
            "published": article.published,
            "language": article.language,
            "dateline": article.dateline,
            "text": article.text.split("\n\n").collect::<Vec<_>>(),
        }),
        Err(failure) => json!({ "error": failure.reason.code() }),
    }
}
