//! What an entry holds, in place of its page.

use crate::work::Work;
use copydesk_fetcher::FullText;
use copydesk_model::{Entry, Failure, FetchedFrom, Page, Reason};
use jiff::Timestamp;

/// Words from which what an entry holds is taken for a story rather than a teaser: most summaries in
/// feeds have fewer than 60.
const STORY_WORDS_MIN: usize = 120;

/// The entry in place of its page, which failed for this reason: where the failure is for good, the
/// configuration leaves the choice, and the entry holds a story. The page tells more than the feed,
/// so that what may pass is tried again first.
pub fn stand_in(work: &Work, failure: &Failure) -> Option<Page> {
    let is_final = failure.retry_after.is_none() || work.is_last_try();
    let is_wanted =
        is_final && work.subscription.feed.full_text == FullText::Auto && holds_story(&work.entry);
    is_wanted.then(|| page_of(&work.entry).ok()).flatten()
}

fn holds_story(entry: &Entry) -> bool {
    let visible = (entry.text().unwrap_or_default())
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    visible.map(copydesk_model::word_count).sum::<usize>() >= STORY_WORDS_MIN
}

/// An entry without a page of its own is its feed's content.
pub fn page_of(entry: &Entry) -> Result<Page, Failure> {
    let nothing = || {
        Failure::permanent(
            Reason::NothingToFetch,
            "the entry has neither link nor content",
        )
    };
    let html = entry.text().ok_or_else(nothing)?;
    Ok(Page {
        // One that it shares with others says nothing of it.
        url: (entry.url.clone().filter(|_| entry.own_key().is_some())).unwrap_or_default(),
        requested: String::new(),
        status: 200,
        bytes: html.len() as u64,
        elapsed_ms: 0,
        from: FetchedFrom::Feed,
        fetched: Timestamp::now(),
        html: html.to_owned(),
    })
}
