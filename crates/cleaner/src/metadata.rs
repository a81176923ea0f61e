//! What a page says of its article: titles, people, dates, addresses.
//!
//! One order settles conflicts: JSON-LD of the article (it was written for machines to read), then
//! meta tags, then what the page shows, by the strength of its markup; the address comes last. The
//! headline has an order of its own: [`title::choose`].

mod address;
mod date;
mod harvest;
mod json;
mod jsonld;
mod names;
mod people;
mod times;
mod title;

use copydesk_model::{PublishedFrom, registrable_domain};
use jiff::{Timestamp, tz::Offset};

use crate::Input;
use harvest::{Harvest, Mark, Role, harvest};
use jsonld::Statement;
pub(crate) use title::{folded, without_house};

/// What a page says of its article; absent knowledge is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Metadata {
    /// Whether the page calls itself an article, in JSON-LD or OpenGraph.
    pub is_article: bool,
    /// Canonical and on the page's own site.
    pub url: Option<String>,
    pub site_name: Option<String>,
    /// Without the site's name.
    pub title: Option<String>,
    pub description: Option<String>,
    /// People, and agencies that sign beside them; a desk or the paper only where no person is named.
    pub authors: Vec<String>,
    /// Whether a person is among them.
    pub is_signed: bool,
    /// The first agency among those who sign.
    pub agency: Option<&'static str>,
    pub published: Option<Timestamp>,
    pub published_from: Option<PublishedFrom>,
    pub modified: Option<Timestamp>,
    /// As declared; see [`language`].
    pub language: Option<String>,
    pub section: Option<String>,
    pub tags: Vec<String>,
    /// An absolute URL.
    pub image: Option<String>,
    pub paywalled: Option<bool>,
}

/// Reads a page's statements on its article. Linear in the page's length; no tree needed.
pub(crate) fn read(html: &str, input: &Input) -> Metadata {
    let harvest = harvest(html);
    let heading = first_heading(&harvest);
    let titles: Vec<&str> = [heading, harvest.meta("og:title"), harvest.title.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let said = jsonld::read(&harvest.jsonld, &titles);

    let url = address::own(
        &[
            harvest.canonical.as_deref(),
            harvest.meta("og:url"),
            said.url.as_deref(),
        ],
        input.url,
    );
    let place = if input.url.is_empty() {
        url.as_deref().unwrap_or("")
    } else {
        input.url
    };
    let site_name = site_name(&harvest, &said);
    let domain = registrable_domain(place).unwrap_or_default();
    let label = domain.split('.').next().unwrap_or("");
    let houses: Vec<&str> = [
        site_name.as_deref(),
        said.publisher.as_deref(),
        Some(domain.as_str()),
        Some(label),
    ]
    .into_iter()
    .flatten()
    .filter(|house| !house.is_empty())
    .collect();

    let language = declared_language(&harvest, &said);
    let local = date::local_offset(language.as_deref(), place);
    let latest = input.fetched;
    let people::Authors {
        names: authors,
        is_signed,
        agency,
    } = people::authors(&harvest, &said, &houses);
    let (published, published_from) =
        times::published(&harvest, &said, place, local, latest).unzip();
    Metadata {
        is_article: said.is_article || harvest.meta("og:type") == Some("article"),
        title: headline(&harvest, &said, &houses).or_else(|| input.title.map(str::to_owned)),
        description: description(&harvest, &said),
        authors,
        is_signed,
        agency,
        published,
        published_from,
        modified: times::modified(&harvest, &said, local, latest)
            .filter(|modified| published.is_none_or(|published| *modified >= published)),
        section: said.section.clone().or_else(|| {
            first_meta(
                &harvest,
                &[
                    "article:section",
                    "parsely-section",
                    "og:article:section",
                    "section",
                ],
            )
        }),
        tags: article_tags(&harvest, &said),
        image: image(&harvest, &said, place),
        paywalled: paywalled(&harvest, &said),
        url,
        site_name,
        language,
    }
}

impl Metadata {
    /// Puts what a site's rules found in place of what the page says; each only where it is any.
    pub fn overrule(
        &mut self,
        title: Option<String>,
        authors: &[String],
        dates: &[String],
        input: &Input,
    ) {
        self.title = title.or(self.title.take());
        let mut byline = names::Byline::default();
        for author in authors {
            byline.add(names::read(author, &[]));
        }
        if !byline.is_empty() {
            self.is_signed = !byline.people.is_empty();
            self.authors = match self.is_signed {
                true => byline.people,
                false => byline.others,
            };
        }
        let local = date::local_offset(self.language.as_deref(), input.url);
        let published = dates.iter().find_map(|text| {
            let moment = date::parse(text, local).or_else(|| date::find(text, local))?;
            input
                .fetched
                .is_none_or(|fetched| moment.at <= fetched)
                .then_some(moment.at)
        });
        if published.is_some() {
            self.published = published;
            self.published_from = Some(PublishedFrom::Page);
        }
    }
}

/// Where a page says things, for people who ask.
pub(crate) struct Places<'a> {
    harvest: Harvest<'a>,
}

impl<'a> Places<'a> {
    pub fn of(html: &'a str) -> Self {
        Self {
            harvest: harvest(html),
        }
    }

    /// The first places that say this value, itself or within more.
    pub fn that_say(&self, value: &str) -> Vec<String> {
        const PLACES_MAX: usize = 3;
        let harvest = &self.harvest;
        let jsonld = harvest.jsonld.iter().any(|script| script.contains(value));
        let metas = harvest
            .metas
            .iter()
            .filter(|(_, content)| content.contains(value));
        let metas = metas.map(|(name, _)| format!("meta {name}"));
        let headings = headings(harvest).any(|heading| heading.contains(value));
        let title = harvest
            .title
            .as_deref()
            .is_some_and(|title| title.contains(value));
        let canonical = harvest.canonical.as_deref() == Some(value);
        let language = harvest.language.as_deref() == Some(value);
        let marks = harvest.marks.iter().any(|mark| mark.text.contains(value));
        let signed = harvest.signed.iter().any(|line| line.text.contains(value));
        let named = [
            (jsonld, "JSON-LD"),
            (headings, "h1"),
            (title, "title"),
            (canonical, "link canonical"),
            (language, "html lang"),
            (marks, "byline or date by its markup"),
            (signed, "a line that begins with “By”"),
        ];
        let named = named.into_iter().filter(|(is, _)| *is);
        let mut places: Vec<String> = named.map(|(_, name)| name.to_owned()).collect();
        places.extend(metas);
        places.truncate(PLACES_MAX);
        places
    }
}

fn first_meta(harvest: &Harvest, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| harvest.meta(name))
        .map(str::to_owned)
}

// ---- What the residue of a text is read with ----

/// Whether a date stands in a text.
pub(crate) fn holds_date(text: &str) -> bool {
    date::find(text, Offset::UTC).is_some()
}

/// The people in a line that is a byline: "By Ada Low | 5 May 2025". None where the line may be
/// anything else.
pub(crate) fn byline(line: &str) -> Option<Vec<String>> {
    names::signed(line)
}

/// The people in a line of nothing but names.
pub(crate) fn bare_names(line: &str) -> Option<Vec<String>> {
    names::bare(line)
}

// ---- Headline ----

/// The text of the first heading of the first level that markup does not put into a sidebar.
fn first_heading<'h>(harvest: &'h Harvest) -> Option<&'h str> {
    headings(harvest).next()
}

fn headings<'h>(harvest: &'h Harvest) -> impl Iterator<Item = &'h str> {
    let is_main =
        |mark: &&Mark| mark.role == Role::Headline && !mark.is_aside && mark.text.len() > 3;
    harvest
        .headings
        .iter()
        .filter(is_main)
        .map(|mark| mark.text.as_str())
}

fn headline(harvest: &Harvest, said: &Statement, houses: &[&str]) -> Option<String> {
    let others: Vec<&str> = [
        "parsely-title",
        "sailthru.title",
        "dc.title",
        "dcterms.title",
    ]
    .into_iter()
    .filter_map(|name| harvest.meta(name))
    .collect();
    let headings: Vec<&str> = headings(harvest).take(HEADINGS_MAX).collect();
    let titles = title::Titles {
        stated: said.headline.as_deref(),
        shared: harvest.meta("og:title"),
        tweeted: harvest.meta("twitter:title"),
        document: harvest.title.as_deref(),
        headings: &headings,
        others: &others,
    };
    title::choose(&titles, houses)
}

/// Headings of the first level that may be the headline; lists of teasers have many more.
const HEADINGS_MAX: usize = 12;

fn description(harvest: &Harvest, said: &Statement) -> Option<String> {
    first_meta(
        harvest,
        &[
            "og:description",
            "description",
            "twitter:description",
            "sailthru.description",
            "dc.description",
        ],
    )
    .or_else(|| said.description.clone())
}

fn site_name(harvest: &Harvest, said: &Statement) -> Option<String> {
    first_meta(harvest, &["og:site_name", "application-name"])
        .or_else(|| said.publisher.clone())
        .or_else(|| {
            first_meta(
                harvest,
                &[
                    "cre",
                    "dc.publisher",
                    "apple-mobile-web-app-title",
                    "publisher",
                ],
            )
        })
        .filter(|name| !name.contains("://"))
}

// ---- The rest ----

fn declared_language(harvest: &Harvest, said: &Statement) -> Option<String> {
    let metas = [
        "og:locale",
        "content-language",
        "dc.language",
        "inlanguage",
        "language",
    ];
    [harvest.language.as_deref(), said.language.as_deref()]
        .into_iter()
        .chain(metas.iter().map(|name| harvest.meta(name)))
        .flatten()
        .find_map(tag_of_language)
}

/// "en_US.utf8" → "en-US"; None for what is no language tag.
fn tag_of_language(text: &str) -> Option<String> {
    let text = text.split(['.', ',', ';', ' ']).next()?.replace('_', "-");
    let mut parts = text.split('-');
    let primary = parts.next().filter(|part| {
        matches!(part.len(), 2 | 3) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    })?;
    let mut tag = primary.to_ascii_lowercase();
    if let Some(region) = parts
        .next_back()
        .filter(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
    {
        tag = format!("{tag}-{}", region.to_ascii_uppercase());
    }
    (!matches!(tag.as_str(), "xx" | "und" | "en-XX")).then_some(tag)
}

/// Characters of a text from which its language is told.
const SAMPLE_BYTES: usize = 2_000;

/// The language of a text: as declared, unless the words are surely of another one (templates are
/// often left at "en"); detected where nothing is declared.
pub(crate) fn language(declared: Option<&str>, text: &str) -> Option<String> {
    if let Some(declared) = declared
        && is_confirmed(declared, text)
    {
        return Some(declared.to_owned());
    }
    let sample = &text[..text.floor_char_boundary(SAMPLE_BYTES)];
    let detected = whatlang::detect(sample).filter(|info| info.is_reliable() && sample.len() > 120);
    let Some(detected) = detected else {
        return declared.map(str::to_owned);
    };
    let code = primary_code(detected.lang());
    match declared {
        Some(declared) if declared.split('-').next() == Some(code) => Some(declared.to_owned()),
        // Norwegian has two written forms and one tag for both.
        Some(declared)
            if code == "nb" && matches!(declared.split('-').next(), Some("no" | "nn")) =>
        {
            Some(declared.to_owned())
        }
        Some(declared) if detected.confidence() < 0.95 => Some(declared.to_owned()),
        _ => Some(code.to_owned()),
    }
}

/// Languages that a page in another one would be taken for, were it not theirs: one or more of each
/// family and script.
const RIVALS: &[whatlang::Lang] = {
    use whatlang::Lang::{Ara, Bul, Deu, Eng, Fra, Hin, Ita, Mar, Nld, Pes, Pol, Por, Rus, Spa};
    use whatlang::Lang::{Srp, Swe, Ukr, Urd};
    &[
        Eng, Deu, Nld, Swe, Fra, Spa, Por, Ita, Pol, Rus, Ukr, Bul, Srp, Ara, Pes, Urd, Hin, Mar,
    ]
};

/// Characters that tell the declared language from its rivals.
const CONFIRMED_BYTES: usize = 800;

/// Whether a text is surely in the language declared. Against a few rivals that is cheap to tell;
/// asking for all languages costs more than reading the text.
fn is_confirmed(declared: &str, text: &str) -> bool {
    let primary = declared.split('-').next();
    let language = whatlang::Lang::all()
        .iter()
        .find(|language| Some(primary_code(**language)) == primary);
    let Some(language) = language else {
        return false;
    };
    let mut asked = RIVALS.to_vec();
    asked.push(*language);
    let sample = &text[..text.floor_char_boundary(CONFIRMED_BYTES)];
    sample.len() > 120
        && whatlang::Detector::with_allowlist(asked)
            .detect(sample)
            .is_some_and(|info| info.lang() == *language && info.is_reliable())
}

/// BCP 47 wants the two letters where there are two.
fn primary_code(language: whatlang::Lang) -> &'static str {
    #[rustfmt::skip]
    const CODES: &[(&str, &str)] = &[
        ("epo", "eo"),
        ("eng", "en"),
        ("rus", "ru"),
        ("cmn", "zh"),
        ("spa", "es"),
        ("por", "pt"),
        ("ita", "it"),
        ("ben", "bn"),
        ("fra", "fr"),
        ("deu", "de"),
        ("ukr", "uk"),
        ("kat", "ka"),
        ("ara", "ar"),
        ("hin", "hi"),
        ("jpn", "ja"),
        ("heb", "he"),
        ("yid", "yi"),
        ("pol", "pl"),
        ("amh", "am"),
        ("jav", "jv"),
        ("kor", "ko"),
        ("nob", "nb"),
        ("dan", "da"),
        ("swe", "sv"),
        ("fin", "fi"),
        ("tur", "tr"),
        ("nld", "nl"),
        ("hun", "hu"),
        ("ces", "cs"),
        ("ell", "el"),
        ("bul", "bg"),
        ("bel", "be"),
        ("mar", "mr"),
        ("kan", "kn"),
        ("ron", "ro"),
        ("slv", "sl"),
        ("hrv", "hr"),
        ("srp", "sr"),
        ("mkd", "mk"),
        ("lit", "lt"),
        ("lav", "lv"),
        ("est", "et"),
        ("tam", "ta"),
        ("vie", "vi"),
        ("urd", "ur"),
        ("tha", "th"),
        ("guj", "gu"),
        ("uzb", "uz"),
        ("pan", "pa"),
        ("aze", "az"),
        ("ind", "id"),
        ("tel", "te"),
        ("pes", "fa"),
        ("mal", "ml"),
        ("ori", "or"),
        ("mya", "my"),
        ("nep", "ne"),
        ("sin", "si"),
        ("khm", "km"),
        ("tuk", "tk"),
        ("aka", "ak"),
        ("zul", "zu"),
        ("sna", "sn"),
        ("afr", "af"),
        ("lat", "la"),
        ("slk", "sk"),
        ("cat", "ca"),
        ("tgl", "tl"),
        ("hye", "hy"),
    ];
    CODES
        .iter()
        .find(|(three, _)| *three == language.code())
        .map_or(language.code(), |(_, two)| two)
}

/// "a, b; c" → its parts.
fn split_tags(list: &str) -> Vec<String> {
    list.split([',', ';', '、'])
        .filter_map(harvest::filled)
        .collect()
}

const TAGS_MAX: usize = 50;

fn article_tags(harvest: &Harvest, said: &Statement) -> Vec<String> {
    let metas = |name| {
        harvest
            .metas_of(name)
            .flat_map(split_tags)
            .collect::<Vec<_>>()
    };
    let lists = [
        said.tags.clone(),
        metas("article:tag"),
        metas("news_keywords"),
        metas("parsely-tags"),
        metas("sailthru.tags"),
        metas("keywords"),
    ];
    let mut tags = lists
        .into_iter()
        .find(|tags| !tags.is_empty())
        .unwrap_or_default();
    let mut seen = std::collections::HashSet::new();
    tags.retain(|tag| tag.len() <= 120 && seen.insert(tag.to_lowercase()));
    tags.truncate(TAGS_MAX);
    tags
}

fn image(harvest: &Harvest, said: &Statement, page: &str) -> Option<String> {
    let metas = [
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
        "parsely-image-url",
        "sailthru.image.full",
    ];
    let metas = metas.iter().filter_map(|name| harvest.meta(name));
    metas
        .chain(said.image.as_deref())
        .find_map(|address| address::absolute(address, page))
}

fn paywalled(harvest: &Harvest, said: &Statement) -> Option<bool> {
    if let Some(is_free) = said.is_free {
        return Some(!is_free);
    }
    let tier = [
        "article:content_tier",
        "og:article:content_tier",
        "content_tier",
    ]
    .iter()
    .find_map(|name| harvest.meta(name))?;
    match tier.to_ascii_lowercase().as_str() {
        "free" => Some(false),
        "locked" | "metered" | "paid" | "premium" | "subscriber" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_page(html: &str) -> Metadata {
        let fetched = "2026-01-02T00:00:00Z".parse().ok();
        read(
            html,
            &Input {
                url: "https://www.paper.example/2025/11/04/storm",
                html,
                fetched,
                ..Input::default()
            },
        )
    }

    #[test]
    fn jsonld_before_meta_before_page_before_url() {
        let all = [
            (
                r#"<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2025-11-01"}</script>"#,
                "2025-11-01",
                PublishedFrom::Jsonld,
            ),
            (
                r#"<meta property="article:published_time" content="2025-11-02">"#,
                "2025-11-02",
                PublishedFrom::Meta,
            ),
            (
                r#"<h1>Storm</h1><time datetime="2025-11-03">3 Nov</time>"#,
                "2025-11-03",
                PublishedFrom::Page,
            ),
            ("", "2025-11-04", PublishedFrom::Url),
        ];
        for first in 0..all.len() {
            let html: String = all[first..].iter().rev().map(|(html, ..)| *html).collect();
            let metadata = read_page(&html);
            let (_, day, from) = all[first];
            assert_eq!(
                metadata
                    .published
                    .map(|at| at.to_string()[..10].to_owned())
                    .as_deref(),
                Some(day)
            );
            assert_eq!(metadata.published_from, Some(from));
        }
    }

    #[test]
    fn never_later_than_the_fetch() {
        let metadata = read_page(
            r#"<meta property="article:published_time" content="2031-11-02"><h1>S</h1><p>Published 3 Nov 2025</p>"#,
        );
        assert_eq!(
            metadata.published.map(|at| at.to_string()).as_deref(),
            Some("2025-11-03T00:00:00Z")
        );
    }

    #[test]
    fn reads_a_page_without_metadata_as_its_reader_does() {
        let metadata = read_page(
            "<html lang=en_GB><title>Storm hits coast | Paper</title><h1>Storm hits coast</h1><div class=byline>By <a>Ada Low</a> and <a>Bo Ek</a></div><p>5 November 2025, 18:30</p>",
        );
        assert_eq!(metadata.title.as_deref(), Some("Storm hits coast"));
        assert_eq!(metadata.authors, ["Ada Low", "Bo Ek"]);
        assert_eq!(
            metadata.published.map(|at| at.to_string()).as_deref(),
            Some("2025-11-05T18:30:00Z")
        );
        assert_eq!(metadata.language.as_deref(), Some("en-GB"));
    }

    #[test]
    fn reads_the_head() {
        let metadata = read_page(
            r#"<link rel=canonical href="https://paper.example/2025/11/04/storm/?utm_source=x"><meta property=og:site_name content="The Paper">
            <meta property=article:tag content=Weather><meta property=article:tag content=Sea><meta property=og:image content="/a.jpg">
            <meta property=article:content_tier content=locked><meta name=description content="It &amp;amp; more">"#,
        );
        assert_eq!(
            metadata.url.as_deref(),
            Some("https://paper.example/2025/11/04/storm/")
        );
        assert_eq!(metadata.site_name.as_deref(), Some("The Paper"));
        assert_eq!(metadata.tags, ["Weather", "Sea"]);
        assert_eq!(
            metadata.image.as_deref(),
            Some("https://www.paper.example/a.jpg")
        );
        assert_eq!(metadata.paywalled, Some(true));
        assert_eq!(metadata.description.as_deref(), Some("It & more"));
    }

    #[test]
    fn language_of_the_words_wins_over_a_wrong_declaration() {
        let german = "Der Sturm hat in der Nacht an der Küste schwere Schäden angerichtet, viele Häuser wurden zerstört, und die Feuerwehr war die ganze Zeit über im Einsatz.";
        assert_eq!(language(Some("en-US"), german).as_deref(), Some("de"));
        assert_eq!(language(Some("de-AT"), german).as_deref(), Some("de-AT"));
        assert_eq!(language(None, german).as_deref(), Some("de"));
        assert_eq!(language(None, "short").as_deref(), None);
    }
}
