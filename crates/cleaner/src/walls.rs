//! Pages that are no article, and by what they are known.
//!
//! Most of them show in having no story; a few have sentences enough to pass for one, and those must
//! never become news.

mod lists;
mod notices;

use copydesk_model::{Failure, Reason};
use url::Url;

use crate::markup::{Kind, scan};
use crate::metadata::Metadata;
use crate::text::words;
use crate::{Config, Input};
use notices::NOTICES;

/// Words from which a text is a story whatever its title says: a notice is shorter.
const NOTICE_WORDS_MAX: f32 = 120.0;

/// Words from which even a page titled like a notice is a story about one.
const TITLED_NOTICE_WORDS_MAX: f32 = 400.0;

/// Words below which the text itself is asked for notices; stories this short are rare and plain.
const BARE_WORDS_MAX: f32 = 80.0;

/// Words below which a video's or gallery's page has a description, no story.
const MEDIA_WORDS_MAX: f32 = 60.0;

/// Errs where the page holds no article.
pub(crate) fn check(
    input: &Input,
    metadata: &Metadata,
    text: &str,
    is_cut: bool,
    config: &Config,
) -> Result<(), Failure> {
    let count = words(text);
    let is_story = count >= config.words_min.max(1) as f32;
    let (reason, why) = if is_cut && !is_story {
        (Reason::Budget, "parsing went over its budget".to_owned())
    } else if let Some((reason, phrase)) = notice(input, metadata, text, count, is_story) {
        (reason, format!("the page says “{phrase}”"))
    } else if lists::by_address(input.url, metadata) {
        (
            Reason::IndexPage,
            "the address is that of a list".to_owned(),
        )
    } else if lists::by_content(input.html, metadata) {
        (
            Reason::IndexPage,
            "the page links to stories and tells none".to_owned(),
        )
    } else if count < MEDIA_WORDS_MAX && is_media(input) {
        (
            Reason::MediaPage,
            "the page shows a video or pictures".to_owned(),
        )
    } else if !is_story {
        (Reason::NoArticle, format!("{count} words of text"))
    } else {
        return Ok(());
    };
    Err(Failure::permanent(
        reason,
        format!("looking for the story: {why}"),
    ))
}

/// What the page gives notice of, and its words. The title is believed of short texts, or of longer
/// ones where it says nothing else; the text is believed where there is hardly any.
fn notice(
    input: &Input,
    metadata: &Metadata,
    text: &str,
    count: f32,
    is_story: bool,
) -> Option<(Reason, &'static str)> {
    if count >= TITLED_NOTICE_WORDS_MAX {
        return None;
    }
    let (document, heading) = titles(input.html);
    for title in [
        metadata.title.as_deref(),
        document.as_deref(),
        heading.as_deref(),
    ]
    .into_iter()
    .flatten()
    {
        let title = title.to_lowercase();
        if title.trim() == "404" {
            return Some((Reason::Soft404, "404"));
        }
        for (reason, phrase) in phrases() {
            let says_more = phrase.len() * 5 < title.trim().len() * 3;
            if title.contains(phrase) && (count < NOTICE_WORDS_MAX || !says_more) {
                return Some((reason, phrase));
            }
        }
    }
    if count >= BARE_WORDS_MAX {
        return None;
    }
    let text = text.to_lowercase();
    let shown = if is_story {
        String::new()
    } else {
        shown(input.html).to_lowercase()
    };
    phrases().find(|(reason, phrase)| {
        // Short news may well be of something “no longer available”.
        *reason != Reason::Soft404 && text.contains(phrase) || shown.contains(phrase)
    })
}

fn phrases() -> impl Iterator<Item = (Reason, &'static str)> {
    NOTICES
        .iter()
        .flat_map(|(reason, phrases)| phrases.iter().map(|phrase| (*reason, *phrase)))
}

/// The document's title and its first `h1`.
fn titles(html: &str) -> (Option<String>, Option<String>) {
    let (mut title, mut heading) = (None, None);
    let mut inside = "";
    for token in scan(html) {
        match token.kind {
            Kind::Start(tag) if tag.is("title") && title.is_none() => inside = "title",
            Kind::Start(tag) if tag.is("h1") => inside = "h1",
            Kind::End(name) if name.eq_ignore_ascii_case(inside) => {
                if inside == "h1" {
                    break;
                }
                inside = "";
            }
            Kind::Text(text) if inside == "title" => {
                title = Some(html_escape::decode_html_entities(text).into_owned());
            }
            Kind::Text(text) if inside == "h1" => {
                heading.get_or_insert_with(String::new).push_str(text)
            }
            _ => {}
        }
    }
    (title, heading)
}

/// Bytes of a page's words that are asked for notices: walls say what they are at once.
const SHOWN_BYTES_MAX: usize = 3000;

/// The first words that the page shows.
fn shown(html: &str) -> String {
    let mut shown = String::new();
    let mut is_code = false;
    for token in scan(html) {
        match token.kind {
            Kind::Start(tag) => is_code = tag.is("script") || tag.is("style"),
            Kind::Text(text) if !is_code => {
                shown.push_str(text.trim());
                shown.push(' ');
            }
            _ => {}
        }
        if shown.len() > SHOWN_BYTES_MAX {
            break;
        }
    }
    shown
}

/// Parts of an address that pages of moving or still pictures have.
#[rustfmt::skip]
const MEDIA: &[&str] = &[
    "video", "videos", "gallery", "galleries", "galerie", "galeria", "fotos", "photos", "pictures",
    "bilder", "fotostrecke", "slideshow", "watch", "mediathek", "podcast", "podcasts", "audio",
];

fn is_media(input: &Input) -> bool {
    let says_video = scan(input.html)
        .take_while(|token| !matches!(token.kind, Kind::Start(tag) if tag.is("body")))
        .any(|token| match token.kind {
            Kind::Start(tag) if tag.is("meta") => {
                tag.attribute("property").as_deref() == Some("og:type")
                    && tag
                        .attribute("content")
                        .is_some_and(|kind| kind.starts_with("video"))
            }
            _ => false,
        });
    says_video
        || Url::parse(input.url).is_ok_and(|url| {
            url.path_segments()
                .is_some_and(|mut parts| parts.any(|part| MEDIA.contains(&part)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_page(url: &str, title: &str, text: &str) -> &'static str {
        let html = format!("<title>{title}</title><body><p>{text}</p>");
        let input = Input {
            url,
            html: &html,
            ..Input::default()
        };
        match check(
            &input,
            &Metadata::default(),
            text,
            false,
            &Config::default(),
        ) {
            Ok(()) => "article",
            Err(failure) => failure.reason.code(),
        }
    }

    #[test]
    fn walls_have_their_reason() {
        let story =
            "The council voted on Monday to rebuild the old bridge over the river. ".repeat(12);
        for (url, title, text, wanted) in [
            (
                "https://a.example/x",
                "Bridge to be rebuilt",
                story.as_str(),
                "article",
            ),
            (
                "https://a.example/x",
                "Page not found | A",
                "Try the search.",
                "soft_404",
            ),
            (
                "https://a.example/x",
                "Seite nicht gefunden",
                "Hier geht es nicht weiter.",
                "soft_404",
            ),
            ("https://a.example/x", "404", &story, "soft_404"),
            (
                "https://a.example/x",
                "Why the sign “page not found” became an art form of its own",
                &story,
                "article",
            ),
            (
                "https://a.example/x",
                "Just a moment...",
                "Verifying.",
                "bot_wall",
            ),
            (
                "https://a.example/x",
                "A",
                "We value your privacy. We and our partners store data.",
                "consent_wall",
            ),
            (
                "https://a.example/x",
                "A",
                "Please log in to read this article.",
                "login_wall",
            ),
            ("https://a.example/", "A", &story, "index_page"),
            (
                "https://a.example/tag/bridges",
                "Bridges",
                &story,
                "index_page",
            ),
            (
                "https://a.example/video/bridge",
                "Watch the bridge",
                "A crane lifts it.",
                "media_page",
            ),
            ("https://a.example/x", "A", "A few words.", "no_article"),
        ] {
            assert_eq!(check_page(url, title, text), wanted, "{title}: {text:.40}");
        }
    }

    #[test]
    fn budget_is_named_where_it_left_nothing() {
        let input = Input::default();
        let failure = check(&input, &Metadata::default(), "", true, &Config::default());
        assert_eq!(
            failure.map_err(|failure| failure.reason),
            Err(Reason::Budget)
        );
    }
}
