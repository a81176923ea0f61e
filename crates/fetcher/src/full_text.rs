//! When a feed's own content stands in for the page: `full_text = "auto"`.
//!
//! The rule, in full. An entry's content *looks whole* where it has the length and the paragraphs of
//! a story, and ends where a sentence ends and not in an invitation to read on. Looks alone decide
//! nothing: the page is fetched all the same and the two texts are compared, until the last three
//! entries of the feed that looked whole held all of their pages' articles. From then on such an
//! entry is taken as it is, but for every sixteenth, whose page is fetched to see whether that is
//! still so. One entry that lacks something of its article, and the feed must prove itself anew.
//! What is learnt is not kept over a restart; learning it costs three pages a feed.

use copydesk_model::{Entry, word_count};
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use crate::feed::plain_text;

/// Most summaries have fewer than 60 words, most stories more than 200.
const WORDS_MIN: usize = 120;
/// A teaser is one paragraph, or two.
const PARAGRAPHS_MIN: usize = 3;
/// Entries in a row that held the whole article before a feed is believed.
const PROOFS: u32 = 3;
/// Of the entries of a feed that is believed, one in so many is compared all the same.
const COMPARED_EVERY: u32 = 16;
/// The part of an article's runs of words that its entry must hold: a page has some words more, such
/// as the caption of a picture.
const HELD_MIN: f32 = 0.95;
/// Words in such a run.
const RUN_WORDS: usize = 4;

/// What a feed's last entry says where it is only a beginning, in the words that content systems
/// put there. Lowercase.
const READ_ON: &[&str] = &[
    "continue reading",
    "read more",
    "read the full",
    "read the rest",
    "full story",
    "keep reading",
    "click here to",
    "weiterlesen",
    "mehr lesen",
    "lire la suite",
    "lire plus",
    "leer más",
    "seguir leyendo",
    "leia mais",
    "continue lendo",
    "continua a leggere",
    "leggi tutto",
    "lees verder",
    "lees meer",
    "läs mer",
    "les mer",
    "læs mere",
    "czytaj dalej",
    "czytaj więcej",
    "читать далее",
    "читать полностью",
    "devamını oku",
    "baca selengkapnya",
    "続きを読む",
    "阅读全文",
    "더 보기",
];
/// How much of the end is searched for them.
const END_CHARS: usize = 80;

/// What was learnt of each feed since the start, by its URL.
#[derive(Debug, Default)]
pub struct FullTexts {
    feeds: Mutex<HashMap<String, Proof>>,
}

#[derive(Debug, Default)]
struct Proof {
    /// Entries in a row that held the whole article.
    held: u32,
    /// Entries taken since one was last compared.
    taken: u32,
}

impl FullTexts {
    /// Whether this entry's content is taken for its article, without a look at the page.
    pub fn stands_in(&self, feed: &str, entry: &Entry) -> bool {
        if !looks_whole(entry) {
            return false;
        }
        let mut feeds = self.feeds.lock().expect("no holder of this lock can panic");
        let Some(proof) = feeds.get_mut(feed).filter(|proof| proof.held >= PROOFS) else {
            return false;
        };
        proof.taken = (proof.taken + 1) % COMPARED_EVERY;
        proof.taken != 0
    }

    /// Learns from an entry whose page was fetched after all, and held this article.
    pub fn compare(&self, feed: &str, entry: &Entry, article: &str) {
        if !looks_whole(entry) {
            return;
        }
        let holds_all = held(article, &visible(entry.text().unwrap_or_default())) >= HELD_MIN;
        let mut feeds = self.feeds.lock().expect("no holder of this lock can panic");
        let proof = feeds.entry(feed.to_owned()).or_default();
        proof.held = if holds_all {
            proof.held.saturating_add(1)
        } else {
            0
        };
    }
}

/// Whether an entry's content may be the whole article; see above.
fn looks_whole(entry: &Entry) -> bool {
    let html = entry.text().unwrap_or_default();
    let paragraphs = ["<p>", "<p ", "<br"].map(|tag| html.matches(tag).count());
    if paragraphs.iter().sum::<usize>() < PARAGRAPHS_MIN {
        return false;
    }
    let text = visible(html);
    let text = without_origin(&text);
    word_count(text) >= WORDS_MIN && ends_as_a_story(text)
}

/// Words, with a space for each tag.
fn visible(html: &str) -> String {
    plain_text(&html.replace('<', " <"))
}

/// The line that some content systems put under every entry, whole or cut: "The post … appeared
/// first on …".
fn without_origin(text: &str) -> &str {
    match text.rfind("The post ") {
        Some(start) if text[start..].contains(" first on ") => text[..start].trim_end(),
        _ => text,
    }
}

fn ends_as_a_story(text: &str) -> bool {
    let start = text
        .char_indices()
        .rev()
        .nth(END_CHARS)
        .map_or(0, |(at, _)| at);
    let end = text[start..].to_lowercase();
    let text = text.trim_end_matches(['"', '\'', '”', '’', '»', '“', ')', '」', '』', ' ']);
    let is_cut = ["...", "…", "[…", "[...]", "[…]"]
        .iter()
        .any(|mark| text.ends_with(mark));
    let is_sentence = text.ends_with(['.', '!', '?', '。', '！', '？', '।', '؟', '۔', '።']);
    is_sentence && !is_cut && !READ_ON.iter().any(|phrase| end.contains(phrase))
}

/// The part of the article's runs of words that stand in the text.
fn held(article: &str, text: &str) -> f32 {
    let known: HashSet<Vec<String>> = runs(text).into_iter().collect();
    let wanted = runs(article);
    let held = wanted.iter().filter(|run| known.contains(*run)).count();
    held as f32 / wanted.len().max(1) as f32
}

fn runs(text: &str) -> Vec<Vec<String>> {
    let words: Vec<String> = (text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let length = RUN_WORDS.min(words.len()).max(1);
    words.windows(length).map(<[String]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEED: &str = "https://a.example/feed";

    /// Paragraphs of twelve words each, all different.
    fn story(paragraphs: usize) -> Vec<String> {
        (0..paragraphs)
            .map(|number| {
                format!(
                    "On day {number} the council of ward {} heard from witness {}.",
                    number * 7,
                    number * 13
                )
            })
            .collect()
    }

    fn html(paragraphs: &[String]) -> String {
        let inside = paragraphs.iter().map(|text| format!("<p>{text}</p>"));
        inside.collect()
    }

    fn entry(content: &str) -> Entry {
        Entry {
            content: Some(content.to_owned()),
            ..Entry::default()
        }
    }

    #[test]
    fn content_looks_whole_or_does_not() {
        let whole = html(&story(15));
        let origin =
            "<p>The post <a href='/x'>Storm</a> appeared first on <a href='/'>Paper</a>.</p>";
        for (what, content, wanted) in [
            ("a story", whole.clone(), true),
            ("with its origin", format!("{whole}{origin}"), true),
            (
                "that ends in a quote",
                format!("{whole}<p>“We saw it coming.”</p>"),
                true,
            ),
            (
                "with an escaped tag",
                whole.replace("council", "coun<b>cil</b>"),
                true,
            ),
            ("broken by line breaks", story(15).join("<br><br>"), true),
            ("short", html(&story(5)), false),
            ("one block", story(15).join(" "), false),
            (
                "cut in the sentence",
                format!("{whole}<p>And then the</p>"),
                false,
            ),
            (
                "cut with dots",
                format!("{whole}<p>And then the …</p>"),
                false,
            ),
            (
                "cut with three dots",
                format!("{whole}<p>And then the...</p>"),
                false,
            ),
            (
                "cut with brackets",
                format!("{whole}<p>And then the [&#8230;]</p>{origin}"),
                false,
            ),
            (
                "that invites",
                format!("{whole}<p><a href='/x'>Continue reading.</a></p>"),
                false,
            ),
            (
                "in French",
                format!("{whole}<p>Lire la suite sur notre site.</p>"),
                false,
            ),
            ("nothing", String::new(), false),
        ] {
            assert_eq!(looks_whole(&entry(&content)), wanted, "{what}");
        }
        let summary = Entry {
            summary: Some(whole),
            ..Entry::default()
        };
        assert!(looks_whole(&summary), "named a summary");
    }

    #[test]
    fn a_feed_is_believed_after_three_proofs_and_looked_at_now_and_then() {
        let texts = FullTexts::default();
        let (paragraphs, entry) = (story(15), entry(&html(&story(15))));
        for _ in 0..PROOFS {
            assert!(!texts.stands_in(FEED, &entry), "looks alone decide nothing");
            texts.compare(FEED, &entry, &paragraphs.join("\n\n"));
        }
        let taken = (0..4 * COMPARED_EVERY).filter(|_| texts.stands_in(FEED, &entry));
        assert_eq!(taken.count(), 4 * (COMPARED_EVERY as usize - 1));
        assert!(
            !texts.stands_in("https://b.example/feed", &entry),
            "another feed"
        );
    }

    #[test]
    fn one_entry_that_lacks_something_and_the_feed_must_prove_itself_anew() {
        let texts = FullTexts::default();
        let (whole, longer) = (story(15).join("\n\n"), story(20).join("\n\n"));
        let entry = entry(&html(&story(15)));
        for (article, is_believed) in [
            (&whole, false),
            (&whole, false),
            (&longer, false),
            (&whole, false),
            (&whole, false),
            (&whole, true),
            (&longer, false),
        ] {
            texts.compare(FEED, &entry, article);
            assert_eq!(texts.stands_in(FEED, &entry), is_believed);
        }
    }

    #[test]
    fn a_teaser_teaches_nothing() {
        let texts = FullTexts::default();
        let whole = entry(&html(&story(15)));
        for _ in 0..PROOFS {
            texts.compare(FEED, &whole, &story(15).join("\n\n"));
        }
        let teaser = entry("<p>Storm hits coast …</p>");
        texts.compare(FEED, &teaser, "Something else.");
        assert!(texts.stands_in(FEED, &whole) && !texts.stands_in(FEED, &teaser));
    }
}
