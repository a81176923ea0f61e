//! What a page's JSON-LD says of its article.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::harvest::filled;
use super::json;

/// Statements on one article, as written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Statement {
    /// Whether it is on an article, not on a page or a video.
    pub is_article: bool,
    pub headline: Option<String>,
    pub alternative_headline: Option<String>,
    pub description: Option<String>,
    /// Persons first, as listed.
    pub persons: Vec<String>,
    pub organizations: Vec<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub url: Option<String>,
    pub publisher: Option<String>,
    pub section: Option<String>,
    pub tags: Vec<String>,
    pub image: Option<String>,
    pub language: Option<String>,
    pub is_free: Option<bool>,
}

/// Objects in all scripts of a page that are looked at; a hostile page could hold millions.
const OBJECTS_MAX: usize = 5_000;
const DEPTH_MAX: usize = 24;

/// Reads the scripts of a page and gives what they say of the article it is about: the object whose
/// type is most an article, and among equals the one whose headline is in `titles`, else the first.
/// The site's name may stand in an object of its own, so it is looked for everywhere.
pub(super) fn read(scripts: &[&str], titles: &[&str]) -> Statement {
    let roots: Vec<Value> = scripts
        .iter()
        .filter_map(|script| json::parse(script))
        .collect();
    let mut objects = Vec::new();
    for root in &roots {
        collect(root, 0, &mut objects);
    }
    let by_id: HashMap<&str, &Map<String, Value>> = objects
        .iter()
        .filter(|object| object.len() > 1)
        .filter_map(|object| Some((object.get("@id")?.as_str()?, *object)))
        .collect();
    let graph = Graph { by_id };
    let mut best: Option<(u32, &Map<String, Value>)> = None;
    for object in &objects {
        let Some(rank) = rank(object, titles) else {
            continue;
        };
        if best.is_none_or(|(highest, _)| rank > highest) {
            best = Some((rank, object));
        }
    }
    let mut statement = best
        .map(|(_, object)| Statement {
            is_article: kind(object) >= ARTICLE,
            ..graph.statement(object)
        })
        .unwrap_or_default();
    let is_site = |object: &&&Map<String, Value>| types(object).any(|kind| kind == "WebSite");
    if statement.publisher.is_none() {
        statement.publisher = objects
            .iter()
            .find(is_site)
            .and_then(|site| text(site.get("name")?));
    }
    statement
}

/// Every object but those in lists of other articles.
fn collect<'v>(value: &'v Value, depth: usize, objects: &mut Vec<&'v Map<String, Value>>) {
    if depth > DEPTH_MAX || objects.len() >= OBJECTS_MAX {
        return;
    }
    match value {
        Value::Array(values) => values
            .iter()
            .for_each(|value| collect(value, depth + 1, objects)),
        Value::Object(object) => {
            objects.push(object);
            for (key, value) in object {
                if !matches!(
                    key.as_str(),
                    "itemListElement"
                        | "hasPart"
                        | "isPartOf"
                        | "mentions"
                        | "citation"
                        | "comment"
                        | "liveBlogUpdate"
                        | "relatedLink"
                        | "isBasedOn"
                        | "review"
                ) {
                    collect(value, depth + 1, objects);
                }
            }
        }
        _ => {}
    }
}

fn types(object: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let (one, many) = match object.get("@type") {
        Some(Value::String(one)) => (Some(one.as_str()), None),
        Some(Value::Array(many)) => (None, Some(many.iter().filter_map(Value::as_str))),
        _ => (None, None),
    };
    one.into_iter()
        .chain(many.into_iter().flatten())
        .map(|kind| kind.rsplit(['/', ':']).next().unwrap_or(kind))
}

/// The least kind of what is written to be read as a story.
const ARTICLE: u32 = 4;

/// How much an object is an article by its type; 0 for what has nothing of one.
fn kind(object: &Map<String, Value>) -> u32 {
    types(object)
        .map(|kind| match kind {
            "NewsArticle"
            | "ReportageNewsArticle"
            | "AnalysisNewsArticle"
            | "OpinionNewsArticle"
            | "BackgroundNewsArticle"
            | "ReviewNewsArticle"
            | "LiveBlogPosting" => 6,
            _ if kind.ends_with("Article") || kind.ends_with("BlogPosting") => 5,
            "Report"
            | "SocialMediaPosting"
            | "DiscussionForumPosting"
            | "TechArticle"
            | "Review"
            | "Recipe"
            | "Interview" => 4,
            "CreativeWork" | "Book" | "Product" | "Course" | "HowTo" | "PodcastEpisode" => 2,
            "VideoObject" | "WebPage" | "ItemPage" | "Event" => 1,
            _ => 0,
        })
        .max()
        .unwrap_or(0)
}

/// How much an object is the page's article.
fn rank(object: &Map<String, Value>, titles: &[&str]) -> Option<u32> {
    let kind = Some(kind(object)).filter(|kind| *kind > 0)?;
    let named = ["headline", "name"]
        .iter()
        .filter_map(|key| text(object.get(*key)?));
    let is_this = named
        .into_iter()
        .any(|name| titles.iter().any(|title| same_start(title, &name)));
    Some(kind * 2 + u32::from(is_this) * 9)
}

/// Whether two headlines are one, of which either may be cut off or carry the site's name.
fn same_start(one: &str, other: &str) -> bool {
    let mut letters = [one, other].map(|text| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
    });
    let [one, other] = &mut letters;
    let same = one
        .by_ref()
        .zip(other.by_ref())
        .take_while(|(a, b)| a == b)
        .count();
    same >= 12 || (same > 0 && one.next().is_none() && other.next().is_none())
}

struct Graph<'v> {
    by_id: HashMap<&'v str, &'v Map<String, Value>>,
}

impl<'v> Graph<'v> {
    /// The object that stands behind `{"@id": …}`, else the object itself.
    fn resolve(&self, object: &'v Map<String, Value>) -> &'v Map<String, Value> {
        let id = object.get("@id").and_then(Value::as_str);
        match id.and_then(|id| self.by_id.get(id)) {
            Some(found) if !object.contains_key("name") => found,
            _ => object,
        }
    }

    fn statement(&self, object: &'v Map<String, Value>) -> Statement {
        let get = |key: &str| object.get(key).and_then(text);
        let mut statement = Statement {
            headline: get("headline").or_else(|| get("name")),
            alternative_headline: get("alternativeHeadline"),
            description: get("description").or_else(|| get("abstract")),
            published: get("datePublished")
                .or_else(|| get("dateCreated"))
                .or_else(|| get("uploadDate")),
            modified: get("dateModified"),
            url: get("url").or_else(|| self.address(object.get("mainEntityOfPage")?)),
            publisher: object
                .get("publisher")
                .and_then(|publisher| self.names(publisher).into_iter().next()),
            section: object.get("articleSection").and_then(first_text),
            tags: object.get("keywords").map(tags).unwrap_or_default(),
            image: ["image", "thumbnailUrl"]
                .iter()
                .find_map(|key| self.address(object.get(*key)?)),
            language: object.get("inLanguage").and_then(first_text),
            is_free: object.get("isAccessibleForFree").and_then(truth),
            ..Statement::default()
        };
        for key in ["author", "creator"] {
            if let Some(value) = object.get(key).filter(|_| statement.persons.is_empty()) {
                self.people(value, &mut statement, 0);
            }
        }
        statement
    }

    fn people(&self, value: &'v Value, statement: &mut Statement, depth: usize) {
        match value {
            Value::Array(values) if depth < 3 => {
                values
                    .iter()
                    .take(60)
                    .for_each(|value| self.people(value, statement, depth + 1));
            }
            Value::String(name) => statement.persons.extend(filled(name)),
            Value::Object(object) => {
                let object = self.resolve(object);
                let is_organization = types(object).any(|kind| kind.contains("Organization"));
                let names = object
                    .get("name")
                    .map(|name| self.names(name))
                    .unwrap_or_default();
                if is_organization {
                    statement.organizations.extend(names);
                } else {
                    statement.persons.extend(names);
                }
            }
            _ => {}
        }
    }

    /// Names of things: strings, objects with a name, lists of either.
    fn names(&self, value: &'v Value) -> Vec<String> {
        match value {
            Value::String(name) => filled(name).into_iter().collect(),
            Value::Array(values) => values
                .iter()
                .take(60)
                .filter_map(|value| match value {
                    Value::Object(object) => self.resolve(object).get("name").and_then(text),
                    value => text(value),
                })
                .collect(),
            Value::Object(object) => self
                .resolve(object)
                .get("name")
                .and_then(text)
                .into_iter()
                .collect(),
            _ => Vec::new(),
        }
    }

    fn address(&self, value: &'v Value) -> Option<String> {
        match value {
            Value::String(address) => filled(address),
            Value::Array(values) => match values.first()? {
                Value::Array(_) => None,
                first => self.address(first),
            },
            Value::Object(object) => {
                let object = self.resolve(object);
                ["url", "contentUrl", "@id"]
                    .iter()
                    .find_map(|key| text(object.get(*key)?))
            }
            _ => None,
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => filled(text),
        Value::Number(number) => Some(number.to_string()),
        // {"@value": "…", "@language": "…"}
        Value::Object(object) => object
            .get("@value")
            .and_then(Value::as_str)
            .and_then(filled),
        Value::Array(values) => values
            .first()
            .filter(|first| first.is_string())
            .and_then(text),
        _ => None,
    }
}

fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::Array(values) => values.iter().find_map(text),
        Value::Object(object) => object
            .get("name")
            .or_else(|| object.get("alternateName"))
            .and_then(text),
        value => text(value),
    }
}

fn tags(value: &Value) -> Vec<String> {
    match value {
        Value::String(list) => super::meta::split_tags(list),
        Value::Array(values) => values
            .iter()
            .filter_map(|value| match value {
                Value::Object(object) => object.get("name").and_then(text),
                value => text(value),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, wanted: &str) {
        let said = read(&[script], &["The Storm Has Come To Stay | Paper"]);
        let line = format!(
            "{} by {} of {}",
            said.headline.unwrap_or_default(),
            said.persons.join("+"),
            said.publisher.unwrap_or_default()
        );
        assert_eq!(line, wanted, "{script}");
    }

    #[test]
    fn finds_the_article_in_any_arrangement() {
        check(
            r#"{"@type":"NewsArticle","headline":"Storm","author":{"@type":"Person","name":"Ada Low"},"publisher":{"name":"Paper"}}"#,
            "Storm by Ada Low of Paper",
        );
        check(
            r##"{"@graph":[{"@type":"WebSite","name":"Paper"},{"@type":["Article"],"headline":"Storm","author":[{"@id":"#a"},{"@id":"#b"}]},
                {"@id":"#a","@type":"Person","name":"Ada Low"},{"@id":"#b","name":["Bo Ek"]}]}"##,
            "Storm by Ada Low+Bo Ek of Paper",
        );
        check(
            r#"[{"@type":"BreadcrumbList","itemListElement":[{"@type":"NewsArticle","headline":"Other"}]},
                {"@type":"http://schema.org/WebPage","mainEntity":{"@type":"Article","headline":"Storm","creator":"Ada Low"}}]"#,
            "Storm by Ada Low of ",
        );
    }

    #[test]
    fn takes_the_article_with_the_pages_title() {
        check(
            r#"[{"@type":"NewsArticle","headline":"Another story altogether"},{"@type":"Article","headline":"The storm has come to stay"}]"#,
            "The storm has come to stay by  of ",
        );
    }
}
