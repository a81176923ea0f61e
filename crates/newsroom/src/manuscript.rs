use crate::site::{Body, Story, now, paragraphs};
use jiff::{SignedDuration, Timestamp};

/// Why a manuscript cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("manuscript {slug}: {problem}")]
pub struct ManuscriptError {
    /// Which one.
    pub slug: String,
    /// In words.
    pub problem: String,
}

/// Reads a story from a text file: lines of `key: value`, a blank line, then paragraphs separated
/// by blank lines. `slug` holds where the manuscript names none.
///
/// Keys: title (needed), slug, summary, authors and tags (separated by `; `), age (`5h 20m`: how
/// long ago it was published) or published (RFC 3339), guid, credit, section, caption,
/// image_credit, language.
pub fn read_manuscript(slug: &str, manuscript: &str) -> Result<Story, ManuscriptError> {
    let wrong = |problem: String| ManuscriptError {
        slug: slug.to_owned(),
        problem,
    };
    let manuscript = manuscript.replace("\r\n", "\n");
    let (head, text) = manuscript.split_once("\n\n").unwrap_or((&manuscript, ""));
    let mut story = Story::new(slug, "", "");
    story.body = Body::Paragraphs(paragraphs(text));
    for line in head.lines() {
        let (key, value) = line
            .split_once(':')
            .map(|(key, value)| (key.trim(), value.trim().to_owned()))
            .ok_or_else(|| wrong(format!("no key in line {line:?}")))?;
        match key {
            "title" => story.title = value,
            "slug" => story.slug = value,
            "summary" => story.summary = value,
            "authors" => story.authors = list(&value),
            "tags" => story.tags = list(&value),
            "age" => {
                let age: SignedDuration = value.parse().map_err(|_| wrong(unread(key, &value)))?;
                story.published = now() - age;
            }
            "published" => {
                let published: Result<Timestamp, _> = value.parse();
                story.published = published.map_err(|_| wrong(unread(key, &value)))?;
            }
            "guid" => story.guid = Some(value),
            "credit" => story.credit = Some(value),
            "section" => story.section = Some(value),
            "caption" => story.caption = Some(value),
            "image_credit" => story.image_credit = Some(value),
            "language" => story.language = Some(value),
            _ => return Err(wrong(format!("unknown key {key:?}"))),
        }
    }
    if story.title.is_empty() {
        return Err(wrong("no title".into()));
    }
    Ok(story)
}

fn list(value: &str) -> Vec<String> {
    value.split(';').map(|part| part.trim().into()).collect()
}

fn unread(key: &str, value: &str) -> String {
    format!("unreadable {key} {value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_paragraphs_are_told_apart() {
        let story = read_manuscript(
            "ferry",
            "title: Ferry: back\nauthors: A; B\nage: 2h 5m\n\nOne\nline.\n\nTwo: lines.\n",
        )
        .unwrap();
        assert_eq!(
            (story.slug.as_str(), story.title.as_str()),
            ("ferry", "Ferry: back")
        );
        assert_eq!(story.authors, ["A", "B"]);
        assert_eq!(story.text(), "One line.\n\nTwo: lines.");
        let age = now().duration_since(story.published).as_secs();
        assert!((7500..7510).contains(&age));
    }

    #[test]
    fn problems_are_named() {
        for (manuscript, problem) in [
            ("summary: none", "no title"),
            ("title: x\ncolour: red", "unknown key \"colour\""),
            ("title: x\nage: old", "unreadable age \"old\""),
            ("Just text", "no key in line \"Just text\""),
        ] {
            let error = read_manuscript("ferry", manuscript).unwrap_err();
            assert_eq!(error.problem, problem);
        }
    }
}
