//! Reads a TOML table key by key and gathers every problem instead of stopping at the first.

use super::shapes::wrong_secret;
use jiff::{Span, SpanRelativeTo};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::time::Duration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One mistake in a configuration: where it is, what is wrong, what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// None where the file itself is the mistake.
    pub line: Option<usize>,
    pub key: String,
    pub what: String,
    pub fix: String,
    /// The line itself and the characters of it that are meant, where it may be shown.
    pub source: Option<(String, Range<usize>)>,
}

impl Problem {
    /// The problem with its line below it and the place marked, for people.
    pub fn marked(&self) -> String {
        let (Some((line, place)), Some(number)) = (&self.source, self.line) else {
            return self.to_string();
        };
        let number = number.to_string();
        let margin = " ".repeat(number.len());
        let before: String = (line.chars().take(place.start))
            .map(|letter| if letter == '\t' { '\t' } else { ' ' })
            .collect();
        let mark = "^".repeat(place.len().max(1));
        format!("{self}\n {margin} |\n {number} | {line}\n {margin} | {before}{mark}\n")
    }
}

/// Words of lines that may hold a credential, and are therefore not repeated.
const SECRET_WORDS: &[&str] = &[
    "auth", "cookie", "header", "proxy", "token", "password", "bearer", "secret", "key", "@", "?",
];

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            key,
            what,
            fix,
            ..
        } = self;
        let line = line.map_or(String::new(), |line| format!(":{line}"));
        write!(formatter, "{file}{line}: {key}: {what}; {fix}")
    }
}

/// The text of one file and the problems found in it so far.
pub struct Problems<'a> {
    file: &'a str,
    text: &'a str,
    found: RefCell<Vec<Problem>>,
    settings: RefCell<Settings>,
}

/// The value of each key as text, whether it is written or the default; secrets are hidden.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// The keys that have other values there.
    pub fn differing(&self, other: &Settings) -> Vec<String> {
        let keys = self
            .0
            .iter()
            .filter(|(key, value)| other.0.get(*key) != Some(*value));
        keys.map(|(key, _)| key.clone()).collect()
    }
}

impl<'a> Problems<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Self {
            file,
            text,
            found: RefCell::default(),
            settings: RefCell::default(),
        }
    }

    pub fn add(
        &self,
        span: Range<usize>,
        key: &str,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let start = span.start.min(self.text.len());
        let before = &self.text.as_bytes()[..start];
        self.found.borrow_mut().push(Problem {
            file: self.file.to_owned(),
            line: Some(1 + before.iter().filter(|&&byte| byte == b'\n').count()),
            key: key.to_owned(),
            what: what.into(),
            fix: fix.into(),
            source: self.source(start..span.end.max(start).min(self.text.len())),
        });
    }

    fn source(&self, span: Range<usize>) -> Option<(String, Range<usize>)> {
        let begin = self
            .text
            .get(..span.start)?
            .rfind('\n')
            .map_or(0, |end| end + 1);
        let line = self.text[begin..].lines().next().unwrap_or_default();
        let lower = line.to_lowercase();
        // What is missing stands nowhere.
        let is_nowhere = span == (0..0);
        if is_nowhere || SECRET_WORDS.iter().any(|word| lower.contains(word)) {
            return None;
        }
        let end = span.end.min(begin + line.len()).max(span.start);
        let start = self.text[begin..span.start].chars().count();
        let length = self.text.get(span.start..end)?.chars().count();
        Some((line.to_owned(), start..start + length))
    }

    pub fn take_settings(&self) -> Settings {
        self.settings.take()
    }

    /// In the order of their lines.
    pub fn into_found(self) -> Vec<Problem> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|problem| problem.line);
        found
    }
}

/// One table being read. Keys never asked for are unknown; `finish` reports them.
pub struct Section<'a, 'i> {
    name: &'static str,
    table: Option<&'a DeTable<'i>>,
    span: Range<usize>,
    known: Vec<&'static str>,
    problems: &'a Problems<'a>,
}

impl<'a, 'i> Section<'a, 'i> {
    pub fn new(
        name: &'static str,
        value: Option<&'a Spanned<DeValue<'i>>>,
        problems: &'a Problems<'a>,
    ) -> Self {
        let span = value.map_or(0..0, Spanned::span);
        let table = value.and_then(|value| match value.get_ref() {
            DeValue::Table(table) => Some(table),
            other => {
                let what = format!("expected a table, found {}", other.type_str());
                problems.add(span.clone(), name, what, format!("write [{name}]"));
                None
            }
        });
        Self {
            name,
            table,
            span,
            known: Vec::new(),
            problems,
        }
    }

    pub fn root(table: &'a DeTable<'i>, problems: &'a Problems<'a>) -> Self {
        Self {
            name: "",
            table: Some(table),
            span: 0..0,
            known: Vec::new(),
            problems,
        }
    }

    /// The value of a key, if set; from now on the key is known.
    pub fn take(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'i>>> {
        self.known.push(key);
        let (_, value) = self.table?.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(value)
    }

    /// Whether the key is set, rightly or wrongly.
    pub fn has(&self, key: &str) -> bool {
        let mut names = self.table.into_iter().flatten().map(|(name, _)| name);
        names.any(|name| name.get_ref() == key)
    }

    /// Sets `target` from the key where it is set and readable; reports it where it is not. A value
    /// that there may be none of has the shape of one that there is.
    pub fn read<T, U: From<T> + fmt::Debug>(
        &mut self,
        key: &'static str,
        target: &mut U,
        shape: Shape<T>,
    ) {
        let value = self.take(key);
        match value.map(|value| (value, (shape.read)(value.get_ref()))) {
            None => {}
            Some((_, Some(read))) => *target = read.into(),
            Some((value, None)) => {
                let what = format!(
                    "expected {}, found {}",
                    shape.expected,
                    shown(key, value.get_ref())
                );
                self.problems.add(
                    value.span(),
                    &self.path(key),
                    what,
                    format!("write for example {key} = {}", shape.example),
                );
            }
        }
        // Feeds are compared as they are.
        if self.name != "feed" {
            let mut settings = self.problems.settings.borrow_mut();
            // Tables that there may be several of add up.
            let text = settings.0.entry(self.path(key)).or_default();
            text.push_str(&format!("{target:?}\n"));
        }
    }

    /// Reports a problem at the key, or at the table where the key is not set.
    pub fn object(&self, key: &str, what: impl Into<String>, fix: impl Into<String>) {
        let set = self
            .table
            .and_then(|table| table.iter().find(|(name, _)| name.get_ref() == key));
        let span = set.map_or(self.span.clone(), |(_, value)| value.span());
        self.problems.add(span, &self.path(key), what, fix);
    }

    /// Reports every key that nothing asked for, with the nearest known one.
    pub fn finish(self) {
        for (name, _) in self.table.into_iter().flatten() {
            let key = name.get_ref().as_ref();
            if self.known.contains(&key) {
                continue;
            }
            let nearest = self
                .known
                .iter()
                .map(|known| (strsim::damerau_levenshtein(key, known), known))
                .min();
            let fix = match nearest {
                Some((distance, known)) if distance <= 1 + key.len() / 3 => {
                    format!("did you mean {known}?")
                }
                _ => format!("known keys: {}", self.known.join(", ")),
            };
            self.problems
                .add(name.span(), &self.path(key), "unknown key", fix);
        }
    }

    fn path(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }
}

/// Keys whose values are nobody's business, also where they are written wrongly.
const SECRET_KEYS: &[&str] = &["headers", "cookies", "auth", "proxy", "token"];

fn shown(key: &str, value: &DeValue) -> String {
    match value {
        _ if SECRET_KEYS.contains(&key) => {
            wrong_secret(value).unwrap_or_else(|| value.type_str().to_owned())
        }
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Boolean(truth) => truth.to_string(),
        other => other.type_str().to_owned(),
    }
}

/// How one kind of value is written and read.
pub struct Shape<T> {
    pub expected: &'static str,
    pub example: &'static str,
    pub read: fn(&DeValue) -> Option<T>,
}

pub const DURATION: Shape<Duration> = Shape {
    expected: "a duration above zero",
    example: DURATION_OR_ZERO.example,
    read: |value| (DURATION_OR_ZERO.read)(value).filter(|duration| !duration.is_zero()),
};

pub const DURATION_OR_ZERO: Shape<Duration> = Shape {
    expected: "a duration",
    example: "\"10m\" (ms, s, m, h, d)",
    read: |value| duration(value.as_str()?),
};

pub const DURATIONS: Shape<Vec<Duration>> = Shape {
    expected: "a list of durations",
    example: "[\"1h\", \"6h\"]",
    read: |value| {
        value
            .as_array()?
            .iter()
            .map(|item| duration(item.get_ref().as_str()?))
            .collect()
    },
};

pub const SIZE: Shape<u64> = Shape {
    expected: "a size above zero",
    example: SIZE_OR_ZERO.example,
    read: |value| (SIZE_OR_ZERO.read)(value).filter(|&size| size > 0),
};

pub const SIZE_OR_ZERO: Shape<u64> = Shape {
    expected: "a size",
    example: "\"8MiB\" (B, KiB, MiB, GiB)",
    read: |value| Some(value.as_str()?.parse::<bytesize::ByteSize>().ok()?.as_u64()),
};

pub const COUNT: Shape<usize> = Shape {
    expected: "a whole number from 1",
    example: "100",
    read: |value| integer(value).filter(|&number| number > 0),
};

pub const COUNT_OR_ZERO: Shape<usize> = Shape {
    expected: "a whole number",
    example: "0",
    read: integer,
};

pub const TRUTH: Shape<bool> = Shape {
    expected: "true or false",
    example: "true",
    read: |value| value.as_bool(),
};

pub const TEXT: Shape<String> = Shape {
    expected: "a text",
    example: "\"text\"",
    read: |value| {
        value
            .as_str()
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
    },
};

pub const TEXTS: Shape<Vec<String>> = Shape {
    expected: "a list of texts",
    example: "[\"one\", \"two\"]",
    read: |value| {
        value
            .as_array()?
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned))
            .collect()
    },
};

fn integer(value: &DeValue) -> Option<usize> {
    let number = value.as_integer()?;
    usize::from_str_radix(number.as_str(), number.radix()).ok()
}

/// "10m", "1h 30m", "30d" (a day is 24 hours); never negative.
pub fn duration(text: &str) -> Option<Duration> {
    let span: Span = text.parse().ok()?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    Duration::try_from(duration).ok()
}
