//! Articles that come as text without markup.

use copydesk_model::{Article, Failure, Reason};

use super::{Known, dateline, strip};
use crate::{Config, metadata};

/// Takes residue out of plain text and metadata into its fields. The first line is the title where
/// it is a headline, not a caption or a sentence.
pub(crate) fn clean_text(text: &str, config: &Config) -> Result<Article, Failure> {
    let mut paragraphs = paragraphs(text);
    let title = headline(&paragraphs);
    if title.is_some() {
        paragraphs.remove(0);
    }
    let known = Known {
        title: title.as_deref(),
        ..Known::default()
    };
    let stripped = strip(paragraphs, &known);
    let text = stripped.paragraphs.join("\n\n");
    let words = text
        .split_whitespace()
        .count()
        .max(text.chars().filter(|c| *c > '\u{2e80}').count() / 2);
    if words < config.words_min.max(1) {
        return Err(Failure::permanent(
            Reason::NoArticle,
            format!("looking for the story: {words} words left"),
        ));
    }
    Ok(Article {
        site_name: stripped.site_name,
        title,
        authors: stripped.authors,
        agency: stripped.agency.map(str::to_owned),
        dateline: stripped.dateline,
        language: metadata::language(None, &text),
        image_credit: stripped.image_credit,
        text,
        ..Article::default()
    })
}

/// Lines as paragraphs; where lines are wrapped at a width, blocks between blank lines.
fn paragraphs(text: &str) -> Vec<String> {
    if !is_wrapped(text) {
        return text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
    }
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match (line.is_empty(), paragraphs.last_mut()) {
            (false, Some(last)) => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// Whether most lines end because of their length, in the middle of a sentence.
fn is_wrapped(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let inner = lines
        .windows(2)
        .filter(|pair| !pair[0].is_empty() && !pair[1].is_empty());
    let (mut all, mut cut) = (0, 0);
    for pair in inner {
        all += 1;
        let is_cut =
            (45..=100).contains(&pair[0].len()) && pair[1].starts_with(|c: char| c.is_lowercase());
        cut += usize::from(is_cut);
    }
    all >= 4 && cut * 3 >= all
}

/// The first line, where it is a headline: short, no sentence, no caption, and a story follows.
pub(crate) fn headline(paragraphs: &[String]) -> Option<String> {
    const WORDS_MAX: usize = 30;
    let (first, rest) = paragraphs.split_first()?;
    let words = first.split_whitespace().count();
    let is_short = words <= WORDS_MAX && first.len() <= 250;
    let is_sentence =
        first.ends_with(['.', ':', ',', ';', '。', '।', '”', '"']) || first.contains(". ");
    let has_words = words >= 3
        || (first.chars().count() >= 6
            && first.chars().all(|c| c > '\u{2e80}' || !c.is_alphabetic()));
    let story_follows = rest.iter().any(|paragraph| paragraph.len() > first.len());
    let is_residue = super::credit::picture(first).is_some()
        || super::credit::credited_agency(first).is_some()
        || super::rules::broken(first, 0, paragraphs.len()).is_some()
        || dateline::read(first).is_some()
        || metadata::byline(first).is_some();
    (is_short && has_words && !is_sentence && story_follows && !is_residue).then(|| first.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "The storm hit the coast on Monday and tore the roofs from forty houses near the old harbour.\n\nNobody was hurt, officials said, but the schools of the town will stay closed.";

    fn clean(text: &str) -> Article {
        clean_text(text, &Config::default()).expect("a story")
    }

    #[test]
    fn headline_once_and_its_echo_never() {
        let article = clean(&format!(
            "Storm hits coast again\n\n{STORY}\n\nStorm hits coast again"
        ));
        assert_eq!(article.title.as_deref(), Some("Storm hits coast again"));
        assert_eq!(article.text, STORY);
    }

    #[test]
    fn a_caption_or_a_sentence_is_no_headline() {
        let article = clean(&format!(
            "The harbour after the storm. Image: Harbour Board.\n(The Coast Post) – {STORY}"
        ));
        assert_eq!(article.title, None);
        assert_eq!(article.image_credit.as_deref(), Some("Harbour Board"));
        assert_eq!(article.site_name.as_deref(), Some("The Coast Post"));
        assert_eq!(article.text, STORY);
        assert_eq!(clean(STORY).title, None);
    }

    #[test]
    fn dateline_becomes_a_field() {
        let article = clean(&format!("PORTSMOUTH: {STORY}"));
        assert_eq!(
            (
                article.title,
                article.dateline.as_deref(),
                article.text.as_str()
            ),
            (None, Some("PORTSMOUTH"), STORY)
        );
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let wrapped = "The storm hit the coast on Monday and tore the\nroofs from forty houses near the old harbour and\nthe market place. Nobody was hurt, officials said\nin the evening, but the schools of the town will\nstay closed until further notice from the board.\n";
        assert_eq!(clean(wrapped).text, wrapped.trim().replace('\n', " "));
    }

    #[test]
    fn nothing_left_is_no_article() {
        assert!(clean_text("Read also\n\nShare", &Config::default()).is_err());
        assert!(clean_text("", &Config::default()).is_err());
    }
}
