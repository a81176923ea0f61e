//! Which article an entry is of.
//!
//! What its own address is named is sure. Its guid may be shared by mistake, and so may an address
//! that a page gives for itself, this one's or an earlier one's: whether it is the same article is
//! then for the texts to say.

use super::Desk;
use crate::work::Fetched;
use copydesk_deduplicator::Prepared;
use copydesk_model::{Article, Entry, Key, canonical_url};

impl Desk {
    /// The article's id, if it is an earlier one, and the names that it is to go by. An address that
    /// is another article's is taken from this one.
    pub(super) fn identify(
        &mut self,
        entry: &Entry,
        article: &mut Article,
        fetched: &Fetched,
        content: u64,
        prepared: &Prepared,
    ) -> anyhow::Result<(Option<String>, Vec<Key>)> {
        let own = entry.own_key();
        let address = article.url.as_deref().and_then(Key::of_url);
        let mut names = entry.keys.clone();
        names.extend(address.map(claim));
        let claims = [address, own].into_iter().flatten().map(claim);
        let found = entry.keys.iter().copied().chain(address);
        let all: Vec<Key> = found.chain(claims).collect();
        // Most are new, and that is known by one look.
        if self.named(&all)?.is_none() {
            return Ok((None, names));
        }
        let sure = own.as_ref().map_or(&entry.keys[..], std::slice::from_ref);
        if let Some(id) = self.named(sure)? {
            return Ok((Some(id), names));
        }
        for name in all {
            if let Some(id) = self.named(&[name])?
                && let Some(before) = self.article(&id)?
                && (before.content == content || self.judge.resembles(&id, prepared))
            {
                return Ok((Some(id), names));
            }
        }
        if let Some(address) = address
            && self.named(&[address, claim(address)])?.is_some()
        {
            article.url = canonical_url(fetched.url.as_deref().unwrap_or_default());
        }
        let mut free = Vec::new();
        for name in names {
            if self.named(&[name])?.is_none() {
                free.push(name);
            }
        }
        Ok((None, free))
    }
}

/// Names an article by an address that its page gave for its own: less sure than where it was found.
fn claim(address: Key) -> Key {
    Key::of_content("address of a page", &address.to_string())
}
