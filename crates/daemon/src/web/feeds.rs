//! The table of feeds: filtered, sorted and cut into pages here, so that it works without script.

use super::chart;
use crate::overview::Overview;
use crate::report::Condition;
use crate::summary::FeedRow;
use crate::words;
use jiff::Timestamp;
use maud::{Markup, html};
use std::cmp::Ordering;
use url::form_urlencoded;

/// Feeds on one page of the table.
const PAGE: usize = 100;

/// What the page was asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// Words of the feed's title or URL.
    pub filter: String,
    /// The code of a condition, or empty.
    pub condition: String,
    /// The name of a column; with "-" before it downwards.
    pub sort: String,
    /// From 0.
    pub page: usize,
    /// Which articles: new, update, duplicate, or empty.
    pub show: String,
}

impl Query {
    pub fn parse(query: &str) -> Self {
        let mut read = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let target = match key.as_ref() {
                "filter" => &mut read.filter,
                "condition" => &mut read.condition,
                "sort" => &mut read.sort,
                "show" => &mut read.show,
                "page" => {
                    read.page = value.parse().unwrap_or(0);
                    continue;
                }
                _ => continue,
            };
            *target = value.chars().take(200).collect();
        }
        read
    }

    /// The address of this page with one thing changed.
    pub fn with(&self, key: &str, value: &str) -> String {
        let page = if self.page > 0 {
            self.page.to_string()
        } else {
            String::new()
        };
        let mut parts = vec![
            ("filter", self.filter.as_str()),
            ("condition", self.condition.as_str()),
            ("sort", self.sort.as_str()),
            ("show", self.show.as_str()),
            ("page", if key == "sort" { "" } else { page.as_str() }),
        ];
        for part in parts.iter_mut().filter(|(name, _)| *name == key) {
            part.1 = value;
        }
        let set = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(set)
            .finish();
        let place = if key == "show" {
            "#latest-title"
        } else {
            "#feeds-title"
        };
        format!("/?{query}{place}")
    }
}

type Order = fn(&FeedRow, &FeedRow, Timestamp) -> Ordering;

/// Name, heading, order.
const COLUMNS: &[(&str, &str, Order)] = &[
    ("feed", "Feed", |a, b, _| {
        a.name().to_lowercase().cmp(&b.name().to_lowercase())
    }),
    ("condition", "Condition", |a, b, _| {
        a.doing.condition.cmp(&b.doing.condition)
    }),
    ("hours", "Entries / h", |a, b, now| {
        a.entries_of_day(now).cmp(&b.entries_of_day(now))
    }),
    ("new", "New", |a, b, _| a.articles().cmp(&b.articles())),
    ("duplicates", "Duplicates", |a, b, _| {
        a.duplicates().cmp(&b.duplicates())
    }),
    ("failed", "Failed", |a, b, _| a.failed().cmp(&b.failed())),
    ("error", "Last poll", |a, b, _| {
        a.is_failed
            .cmp(&b.is_failed)
            .then_with(|| a.poll.cmp(&b.poll))
    }),
    ("next", "Next poll", |a, b, _| {
        a.doing.next_poll.cmp(&b.doing.next_poll)
    }),
];

/// Columns that stand to the right.
const NUMBERS: &[&str] = &["new", "duplicates", "failed"];

/// The filter above the table.
pub fn form(query: &Query) -> Markup {
    html! {
        form.filter action="/#feeds-title" method="get" role="search" {
            label { "Filter " input type="search" name="filter" value=(query.filter) placeholder="title or address" autocomplete="off"; }
            label { "Condition "
                select name="condition" {
                    option value="" { "any" }
                    @for condition in Condition::ALL {
                        option value=(condition.code()) selected[query.condition == condition.code()] { (condition.code()) }
                    }
                }
            }
            // Also when empty: the script keeps them as the address has them.
            input type="hidden" name="sort" value=(query.sort);
            input type="hidden" name="show" value=(query.show);
            button { "Apply" }
        }
    }
}

/// One page of the feeds that are asked for.
pub fn table(overview: &Overview, query: &Query, now: Timestamp) -> Markup {
    let (sort, is_down) = match query.sort.strip_prefix('-') {
        Some(sort) => (sort, true),
        None => (query.sort.as_str(), false),
    };
    let Selected {
        rows,
        found,
        page,
        pages,
    } = overview
        .summary
        .select(|rows| select(rows, query, sort, is_down, now));
    html! {
        div.scroll tabindex="0" role="region" aria-label="Feeds" {
            table {
                thead { tr {
                    @for (name, heading, _) in COLUMNS {
                        @let is_sorted = *name == sort;
                        @let order = if is_down { "descending" } else { "ascending" };
                        @let next = if is_sorted && !is_down { format!("-{name}") } else { (*name).to_owned() };
                        th scope="col" class=[NUMBERS.contains(name).then_some("number")] aria-sort=[is_sorted.then_some(order)] {
                            a href=(query.with("sort", &next)) data-sort=(name) { (heading) }
                        }
                    }
                } }
                tbody {
                    @for row in &rows { (line(row, now)) }
                }
            }
        }
        p.note {
            (words::some(found as u64, "feeds"))
            @if pages > 1 {
                ", page " (page + 1) " of " (pages) " "
                @if page > 0 { a href=(query.with("page", &(page - 1).to_string())) rel="prev" { "previous" } " " }
                @if page + 1 < pages { a href=(query.with("page", &(page + 1).to_string())) rel="next" { "next" } }
            }
            ". New, duplicates and failed are counted since " (words::moment(overview.started)) "."
        }
    }
}

/// What is shown of the feeds that are asked for.
struct Selected {
    rows: Vec<FeedRow>,
    /// On all pages.
    found: usize,
    /// From 0; the last where one after it was asked for.
    page: usize,
    pages: usize,
}

fn select(
    rows: Vec<&FeedRow>,
    query: &Query,
    sort: &str,
    is_down: bool,
    now: Timestamp,
) -> Selected {
    let words: Vec<String> = query
        .filter
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let is_wanted = |row: &FeedRow| {
        let text = format!("{} {}", row.name(), row.url).to_lowercase();
        words.iter().all(|word| text.contains(word))
            && (query.condition.is_empty() || row.doing.condition.code() == query.condition)
    };
    let mut wanted = rows;
    wanted.retain(|row| is_wanted(row));
    if let Some((_, _, order)) = COLUMNS.iter().find(|(name, ..)| *name == sort) {
        wanted.sort_by(|a, b| {
            if is_down {
                order(b, a, now)
            } else {
                order(a, b, now)
            }
        });
    }
    let pages = wanted.len().div_ceil(PAGE).max(1);
    let page = query.page.min(pages - 1);
    let rows = wanted.iter().skip(page * PAGE).take(PAGE);
    Selected {
        rows: rows.map(|row| (*row).clone()).collect(),
        found: wanted.len(),
        page,
        pages,
    }
}

fn line(row: &FeedRow, now: Timestamp) -> Markup {
    let condition = row.doing.condition.code();
    html! {
        tr {
            th scope="row" data-label="Feed" {
                span.title dir="auto" { (row.name()) }
                @if row.doing.title.is_some() { span.meta { (row.url) } }
            }
            td data-label="Condition" { span class={ "badge " (condition) } { (condition) } }
            td data-label="Entries / h" { (chart::sparkline(&row.hours.until(now))) }
            td.number data-label="New" { (words::count(row.articles())) }
            td.number data-label="Duplicates" { (words::count(row.duplicates())) }
            td.number data-label="Failed" { (words::count(row.failed())) }
            td data-label="Last poll" { span.why { (last_poll(row)) } }
            td data-label="Next poll" { @match row.doing.next_poll { Some(next) => (words::until(next, now)), None => "–" } }
        }
    }
}

/// Why it failed, also before the start of this process; else what it brought.
fn last_poll(row: &FeedRow) -> &str {
    match (&row.doing.error, row.poll.as_str()) {
        (Some(error), _) => error,
        (None, "") => "–",
        (None, poll) => poll,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn rows() -> Vec<FeedRow> {
        [
            ("https://b.example/", 3),
            ("https://a.example/", 1),
            ("https://c.example/", 2),
        ]
        .map(|(url, entries)| {
            let mut row = FeedRow {
                url: url.into(),
                ..FeedRow::default()
            };
            (0..entries).for_each(|_| row.hours.count(NOW));
            row
        })
        .into()
    }

    fn check(query: &str, wanted: &str) {
        let query = Query::parse(query);
        let (sort, is_down) = match query.sort.strip_prefix('-') {
            Some(sort) => (sort, true),
            None => (query.sort.as_str(), false),
        };
        let selected = select(rows().iter().collect(), &query, sort, is_down, NOW);
        let names: Vec<&str> = selected.rows.iter().map(|row| &row.url[8..9]).collect();
        assert_eq!(names.join(""), wanted, "{query:?}");
    }

    #[test]
    fn feeds_are_filtered_and_sorted() {
        check("", "bac");
        check("sort=feed", "abc");
        check("sort=-hours", "bca");
        check("filter=C.Example", "c");
        check("filter=nowhere", "");
        check("condition=new&sort=nonsense", "bac");
        check("page=99", "bac");
    }

    #[test]
    fn links_keep_what_else_was_asked_for() {
        let query = Query::parse("filter=a%26b&sort=feed&page=2");
        assert_eq!(
            query.with("sort", "-feed"),
            "/?filter=a%26b&sort=-feed#feeds-title"
        );
        assert_eq!(
            query.with("page", "3"),
            "/?filter=a%26b&sort=feed&page=3#feeds-title"
        );
    }
}
