//! What else tells which words are the story's: title, description, the body in JSON-LD, the feed.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use crate::Input;
use crate::markup::{Kind, scan};

/// Hashes are keys as they are: hashing them again costs more than all else done with them.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        // The table looks at the highest bits and the lowest ones.
        self.0 = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// A hash of a text: eight bytes at a time, for texts that no one chose to clash.
pub(crate) fn hash(text: &str) -> u64 {
    let mut pieces = text.as_bytes().chunks_exact(8);
    let mut hash = text.len() as u64;
    let mut add = |piece: u64| {
        hash = (hash.rotate_left(23) ^ piece).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    };
    for piece in &mut pieces {
        add(u64::from_le_bytes(piece.try_into().expect("eight bytes")));
    }
    let mut last = [0; 8];
    last[..pieces.remainder().len()].copy_from_slice(pieces.remainder());
    add(u64::from_le_bytes(last));
    hash
}

/// A set of hashes.
pub(crate) type HashedSet = HashSet<u64, BuildHasherDefault<Hashed>>;
/// A map from hashes.
pub(crate) type HashedMap<V> = HashMap<u64, V, BuildHasherDefault<Hashed>>;

/// Words of the page's own statements about the article.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    title: HashedSet,
    description: HashedSet,
    /// Three-word runs of `articleBody`.
    body: HashedSet,
}

/// Words of a body below which it is a summary.
const BODY_WORDS_MIN: usize = 60;

impl Witness {
    /// Reads the page's head and its JSON-LD; where the head is silent, the feed speaks.
    pub fn of(input: &Input) -> Self {
        let mut words = Vec::new();
        for body in article_bodies(input.html) {
            words_of(&body, &mut words);
        }
        let body = if words.len() < BODY_WORDS_MIN {
            HashedSet::default()
        } else {
            runs(&words).collect()
        };
        let (title, description) = head(input.html);
        Self {
            title: set(title.as_deref().or(input.title)),
            description: set(description.as_deref().or(input.summary)),
            body,
        }
    }

    /// What a block has in common with the title and with the description.
    pub fn overlaps(&self, words: &[u64], buffer: &mut Vec<u64>) -> Overlaps {
        buffer.clear();
        buffer.extend_from_slice(words);
        buffer.sort_unstable();
        buffer.dedup();
        Overlaps {
            title: overlap(&self.title, buffer),
            description: overlap(&self.description, buffer),
        }
    }

    /// Whether JSON-LD holds the story.
    pub fn has_body(&self) -> bool {
        !self.body.is_empty()
    }

    /// The share of the block's three-word runs that stand in the body; None where there is none.
    pub fn body_share(&self, words: &[u64]) -> Option<f32> {
        if self.body.is_empty() || words.len() < 3 {
            return None;
        }
        let found = runs(words).filter(|run| self.body.contains(run)).count();
        Some(found as f32 / (words.len() - 2) as f32)
    }
}

/// The head's title and description, OpenGraph's first: they carry no site name.
fn head(html: &str) -> (Option<String>, Option<String>) {
    let (mut title, mut description) = (None, None);
    let (mut og_title, mut og_description) = (None, None);
    let mut in_title = false;
    for token in scan(html) {
        match token.kind {
            Kind::Start(tag) if tag.is("body") => break,
            Kind::Start(tag) if tag.is("title") => in_title = title.is_none(),
            Kind::Start(tag) if tag.is("meta") => {
                let Some(name) = tag.attribute("property").or_else(|| tag.attribute("name")) else {
                    continue;
                };
                let slot = match &*name {
                    "og:title" => &mut og_title,
                    "og:description" => &mut og_description,
                    "description" => &mut description,
                    _ => continue,
                };
                let content = tag.attribute("content").map(|content| content.into_owned());
                *slot = slot
                    .take()
                    .or(content.filter(|content| !content.trim().is_empty()));
            }
            Kind::Text(text) if in_title => {
                title = Some(html_escape::decode_html_entities(text).into_owned());
                in_title = false;
            }
            _ => {}
        }
    }
    (og_title.or(title), og_description.or(description))
}

fn set(text: Option<&str>) -> HashedSet {
    let mut words = Vec::new();
    words_of(text.unwrap_or(""), &mut words);
    words.into_iter().collect()
}

/// For each witness the share of a block's words that it has, and the other way round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Overlaps {
    pub title: (f32, f32),
    pub description: (f32, f32),
}

impl Overlaps {
    /// Whether the block is the title.
    pub fn is_title(&self) -> bool {
        self.title.0 > 0.8 && self.title.1 > 0.8
    }
}

fn overlap(known: &HashedSet, different_words: &[u64]) -> (f32, f32) {
    if known.is_empty() {
        return (-1.0, -1.0);
    }
    if different_words.is_empty() {
        return (0.0, 0.0);
    }
    let shared = different_words
        .iter()
        .filter(|word| known.contains(word))
        .count() as f32;
    (
        shared / different_words.len() as f32,
        shared / known.len() as f32,
    )
}

/// Hashes of each three words in a row.
pub(crate) fn runs(words: &[u64]) -> impl Iterator<Item = u64> + '_ {
    words.windows(3).map(|three| {
        three.iter().fold(0, |hash, word| {
            (hash ^ word)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(23)
        })
    })
}

/// Hashes of a text's words in lowercase; a character of a script without spaces is a word.
pub(crate) fn words_of(text: &str, words: &mut Vec<u64>) {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    let mut hash = START;
    let mut flush = |hash: &mut u64| {
        if *hash != START {
            words.push(*hash);
            *hash = START;
        }
    };
    if text.is_ascii() {
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                let lower = u64::from(byte.to_ascii_lowercase());
                hash = (hash ^ lower).wrapping_mul(0x0100_0000_01b3);
            } else {
                flush(&mut hash);
            }
        }
        flush(&mut hash);
        return;
    }
    for c in text.chars() {
        let is_wide = ('\u{3040}'..='\u{9fff}').contains(&c);
        if is_wide || !c.is_alphanumeric() {
            flush(&mut hash);
        }
        if c.is_alphanumeric() {
            for lower in c.to_lowercase() {
                hash = (hash ^ u64::from(u32::from(lower))).wrapping_mul(0x0100_0000_01b3);
            }
        }
        if is_wide {
            flush(&mut hash);
        }
    }
    flush(&mut hash);
}

/// The values of `"articleBody"`, wherever they stand: the JSON around them may be broken.
fn article_bodies(html: &str) -> Vec<String> {
    const KEY: &[u8] = b"\"articleBody\"";
    let mut bodies = Vec::new();
    for at in memchr::memmem::find_iter(html.as_bytes(), KEY).take(4) {
        let rest = html[at + KEY.len()..].trim_start();
        let Some(rest) = rest.strip_prefix(':') else {
            continue;
        };
        let mut strings =
            serde_json::Deserializer::from_str(rest.trim_start()).into_iter::<String>();
        if let Some(Ok(body)) = strings.next() {
            bodies.push(html_escape::decode_html_entities(&body).into_owned());
        }
    }
    bodies
}
