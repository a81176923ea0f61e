//! A duplicate beside what it copies, for people: the sentences that were copied are marked.

use super::filter::in_order;
use super::progress;
use anyhow::Context;
use console::{Term, measure_text_width, pad_str, style};
use copydesk_deduplicator::{Config, Filter, Judge, Passage, explain, filter};
use copydesk_model::{Record, Stream, Verdict};
use serde::Deserialize;
use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, BufWriter, Write, stdout};
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use unicode_segmentation::UnicodeSegmentation;

/// What is shown of an article.
#[derive(Clone, Deserialize)]
struct Shown {
    id: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: Option<String>,
}

/// Bytes of earlier texts that are kept to be shown; the oldest go first.
const TEXTS_BYTES_MAX: usize = 512 << 20;
/// Columns where there is no terminal to ask.
const COLUMNS: usize = 120;
const COLUMNS_MIN: usize = 40;

/// Judges the articles on standard input and shows every duplicate.
pub fn lines(window: Duration) -> anyhow::Result<ExitCode> {
    let config = Config {
        window,
        ..Config::default()
    };
    let mut filter = Filter::new(Judge::in_memory(config));
    let mut texts = Texts::default();
    let mut output = BufWriter::new(stdout());
    let columns = columns();
    let read = |line: &str| (filter::read(line), serde_json::from_str::<Shown>(line).ok());
    in_order(progress::of_input(), 0, read, |(line, shown)| {
        let line = filter.judge(line)?;
        let (Ok(verdict), Some(shown)) = (serde_json::from_str::<Verdict>(&line), shown) else {
            return writeln!(output, "{line}").context("writing");
        };
        if verdict.duplicate_of.is_some() {
            let text = comparison(&shown, &verdict, |id| texts.by_id.get(id), columns);
            writeln!(output, "{text}").context("writing")?;
        }
        texts.keep(shown);
        Ok(())
    })?;
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Shows one duplicate of the output files in a folder.
pub fn record(id: &str, folder: &Path) -> anyhow::Result<ExitCode> {
    let find = |wanted: &[&str], only_duplicates: bool| -> anyhow::Result<Vec<Record>> {
        let mut found = Vec::new();
        for stream in Stream::ALL {
            let files = copydesk_sink::files(folder, stream);
            for file in files.with_context(|| format!("reading {}", folder.display()))? {
                let context = || format!("reading {}", file.path.display());
                let lines = BufReader::new(copydesk_sink::open(&file.path).with_context(context)?);
                for line in lines.lines() {
                    let line = line.with_context(context)?;
                    // Most lines need not be parsed to see that they are others.
                    if !wanted.iter().any(|id| line.contains(id)) {
                        continue;
                    }
                    let Ok(record) = serde_json::from_str::<Record>(&line) else {
                        continue;
                    };
                    let is_meant = record.duplicate_of.is_some() || !only_duplicates;
                    if wanted.contains(&record.id.as_str()) && is_meant {
                        found.push(record);
                    }
                }
            }
        }
        Ok(found)
    };
    let mut duplicates = find(&[id], true)?;
    let duplicate = duplicates
        .pop()
        .with_context(|| format!("{id}: no duplicate of this id in {}", folder.display()))?;
    let verdict = Verdict {
        op: duplicate.op,
        duplicate_of: duplicate.duplicate_of.clone(),
        copies_of: duplicate.copies_of.clone(),
    };
    let of = verdict.duplicate_of.as_ref().map_or("", |of| &of.id);
    let originals: HashMap<String, Shown> = find(&[of], false)?
        .into_iter()
        .filter(|record| record.text.is_some())
        .map(|record| (record.id.clone(), shown(record)))
        .collect();
    let text = comparison(
        &shown(duplicate),
        &verdict,
        |id| originals.get(id),
        columns(),
    );
    write!(stdout(), "{text}")?;
    Ok(ExitCode::SUCCESS)
}

fn shown(record: Record) -> Shown {
    Shown {
        id: record.id,
        title: record.title,
        text: record.text,
    }
}

fn columns() -> usize {
    let columns = Term::stdout()
        .size_checked()
        .map_or(COLUMNS, |(_, columns)| usize::from(columns));
    columns.max(COLUMNS_MIN)
}

/// Earlier articles, within bounds.
#[derive(Default)]
struct Texts {
    by_id: HashMap<String, Shown>,
    order: VecDeque<String>,
    bytes: usize,
}

impl Texts {
    fn keep(&mut self, shown: Shown) {
        self.bytes += shown.text.as_ref().map_or(0, String::len);
        self.order.push_back(shown.id.clone());
        self.by_id.insert(shown.id.clone(), shown);
        while self.bytes > TEXTS_BYTES_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            let gone = self.by_id.remove(&oldest);
            let bytes = gone.and_then(|gone| gone.text).map_or(0, |text| text.len());
            self.bytes = self.bytes.saturating_sub(bytes);
        }
    }
}

/// The duplicate on the left, what it copies on the right; `=` and green mark copied sentences.
fn comparison<'a>(
    new: &Shown,
    verdict: &Verdict,
    find: impl Fn(&str) -> Option<&'a Shown>,
    columns: usize,
) -> String {
    let Some(of) = &verdict.duplicate_of else {
        return String::new();
    };
    let kind = serde_json::to_value(of.kind).unwrap_or_default();
    let mut out = format!(
        "{} repeats {}: {}, {:.0} % of it stands there, which keeps {:.0} % of the earlier text\n",
        new.id,
        of.id,
        kind.as_str().unwrap_or_default(),
        of.overlap * 100.0,
        of.kept * 100.0,
    );
    for other in verdict.copies_of.iter().filter(|other| other.id != of.id) {
        out += &format!("  and {}: {:.0} %\n", other.id, other.overlap * 100.0);
    }
    let old = find(&of.id);
    let texts = (new.text.as_deref(), old.and_then(|old| old.text.as_deref()));
    let (Some(new_text), Some(old_text)) = texts else {
        let whose = if new.text.is_none() { &new.id } else { &of.id };
        out += &format!(
            "  the text of {whose} is not at hand (output.duplicates = \"keep\" writes it)\n"
        );
        return out;
    };
    let found = explain(new_text, old_text);
    let width = (columns - 3) / 2;
    let ranges = |range: fn(&Passage) -> Range<usize>| found.copied.iter().map(range).collect();
    let copied: Vec<Range<usize>> = ranges(|passage| passage.new.clone());
    let left = column(new.title.as_deref(), new_text, copied, width);
    let copied: Vec<Range<usize>> = ranges(|passage| passage.old.clone());
    let title = old.and_then(|old| old.title.as_deref());
    let right = column(title, old_text, copied, width);
    for row in 0..left.len().max(right.len()) {
        let cell = |column: &[(bool, String)]| {
            let (is_copied, text) = column.get(row).cloned().unwrap_or_default();
            let mark = if is_copied { "= " } else { "  " };
            let padded = pad_str(
                &(mark.to_owned() + &text),
                width,
                console::Alignment::Left,
                None,
            )
            .into_owned();
            if is_copied {
                style(padded).green().to_string()
            } else {
                padded
            }
        };
        let (left, right) = (cell(&left), cell(&right));
        out += format!("{left} | {right}").trim_end();
        out.push('\n');
    }
    out
}

/// Lines no wider than `width` with their mark, each sentence from a line of its own.
fn column(
    title: Option<&str>,
    text: &str,
    copied: Vec<Range<usize>>,
    width: usize,
) -> Vec<(bool, String)> {
    let width = width.saturating_sub(2).max(1);
    let mut out: Vec<(bool, String)> = Vec::new();
    for line in wrap(title.unwrap_or("(no headline)"), width) {
        out.push((false, line));
    }
    out.push((false, String::new()));
    let mut start = 0;
    for paragraph in text.split_inclusive('\n') {
        for sentence in paragraph.split_sentence_bounds() {
            let end = start + sentence.len();
            let shared: usize = copied
                .iter()
                .map(|range| range.end.min(end).saturating_sub(range.start.max(start)))
                .sum();
            let is_copied = shared * 2 >= sentence.trim().len().max(1);
            start = end;
            let lines = wrap(sentence.trim(), width).into_iter();
            out.extend(lines.map(|line| (is_copied, line)));
        }
    }
    out
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut line = String::new();
    for word in text.split_word_bounds() {
        // Control characters would move the terminal's cursor.
        let word: String = word.chars().filter(|sign| !sign.is_control()).collect();
        let pieces = if measure_text_width(&word) > width {
            word.graphemes(true).map(str::to_owned).collect()
        } else {
            vec![word]
        };
        for piece in pieces {
            if measure_text_width(&line) + measure_text_width(&piece) > width {
                out.push(line.trim_end().to_owned());
                line.clear();
            }
            if !line.is_empty() || !piece.trim().is_empty() {
                line += &piece;
            }
        }
    }
    if !line.trim().is_empty() {
        out.push(line.trim_end().to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use copydesk_model::{CopyOf, DuplicateOf, Kind, Op};

    fn article(id: &str, text: &str) -> Shown {
        Shown {
            id: id.to_owned(),
            title: Some("The pier".to_owned()),
            text: Some(text.to_owned()),
        }
    }

    #[test]
    fn marks_copied_sentences_side_by_side_within_the_width() {
        let old = article(
            "a",
            "The harbour board closed the north pier on Tuesday. 潜水員発見橋脚有裂縫需要立即修理。",
        );
        let new = article(
            "b",
            "Our readers asked for this. The harbour board closed the north pier on Tuesday.",
        );
        let verdict = Verdict {
            op: Op::Duplicate,
            duplicate_of: Some(DuplicateOf {
                id: "a".to_owned(),
                url: None,
                kind: Kind::Near,
                overlap: 0.6,
                kept: 0.5,
                copied: Vec::new(),
                source_hint: None,
            }),
            copies_of: vec![CopyOf {
                id: "a".to_owned(),
                overlap: 0.6,
                kept: 0.5,
            }],
        };
        console::set_colors_enabled(false);
        let text = comparison(&new, &verdict, |_| Some(&old), 64);
        let rows: Vec<&str> = text.lines().skip(1).collect();
        assert!(
            rows.iter().all(|row| measure_text_width(row) <= 64),
            "{text}"
        );
        assert!(rows.iter().all(|row| row.contains('|')), "{text}");
        let left: Vec<&str> = rows
            .iter()
            .map(|row| row[..31].trim_end().trim_end_matches('|').trim_end())
            .collect();
        assert!(left.contains(&"  Our readers asked for this."), "{text}");
        assert!(left.contains(&"= The harbour board closed the"), "{text}");
        let gone = comparison(&new, &verdict, |_| None, 64);
        assert!(gone.contains("not at hand"), "{gone}");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(wrap("red \u{1b}[31malert", 40), ["red [31malert"]);
    }
}
