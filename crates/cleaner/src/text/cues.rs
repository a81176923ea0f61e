//! What the names of classes, ids and roles suggest that an element holds.

mod words;

use std::collections::HashMap;
use std::sync::LazyLock;

use words::WORDS;

/// A set of [`Cue`]s.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cues(u32);

impl Cues {
    /// Whether the cue is in the set.
    pub fn has(self, cue: Cue) -> bool {
        self.0 & (1 << cue as u32) != 0
    }

    /// Whether nothing is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn add(&mut self, cue: Cue) {
        self.0 |= 1 << cue as u32;
    }

    fn add_all(&mut self, others: Cues) {
        self.0 |= others.0;
    }
}

/// What a name suggests that its element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cue {
    /// An article, a story, a post.
    Article,
    /// Its body.
    Body,
    /// Standfirst, summary.
    Lead,
    /// Headline.
    Title,
    /// Links to other stories.
    Related,
    /// A teaser card.
    Teaser,
    /// Share bars, social embeds.
    Share,
    /// Readers' comments.
    Comment,
    /// Newsletters, apps, subscriptions, machine-made summaries.
    Promo,
    /// Advertisements.
    Advert,
    /// Captions, credits, players.
    Media,
    /// Authors.
    Author,
    /// Dates, tags, sections.
    Meta,
    /// Navigation, header, footer, sidebar.
    Chrome,
    /// Not shown.
    Hidden,
    /// Quotes.
    Quote,
    /// Fact boxes, tables of contents.
    Info,
    /// Live blogs.
    Live,
    /// Consent, dialogs, log-in.
    Dialog,
    /// Paywalls.
    Paywall,
}

impl Cue {
    /// Whether it speaks for the story rather than against it.
    pub fn is_of_story(self) -> bool {
        matches!(
            self,
            Cue::Article | Cue::Body | Cue::Lead | Cue::Title | Cue::Live
        )
    }

    /// All of them, in the order of their numbers.
    pub const ALL: [Cue; 20] = [
        Cue::Article,
        Cue::Body,
        Cue::Lead,
        Cue::Title,
        Cue::Related,
        Cue::Teaser,
        Cue::Share,
        Cue::Comment,
        Cue::Promo,
        Cue::Advert,
        Cue::Media,
        Cue::Author,
        Cue::Meta,
        Cue::Chrome,
        Cue::Hidden,
        Cue::Quote,
        Cue::Info,
        Cue::Live,
        Cue::Dialog,
        Cue::Paywall,
    ];
}

/// What an element says of itself.
#[derive(Debug, Default)]
pub(crate) struct Hints<'a> {
    /// `class`
    pub class: &'a str,
    /// `id`
    pub id: &'a str,
    /// `itemprop`
    pub itemprop: &'a str,
    /// `role`
    pub role: &'a str,
    /// `style`
    pub style: &'a str,
    /// `data-testid` and the like.
    pub data: &'a str,
    /// `hidden`, `aria-hidden="true"`.
    pub is_hidden: bool,
}

/// The cues of one element.
pub(crate) fn of(hints: &Hints) -> Cues {
    let mut cues = Cues::default();
    for name in [
        hints.class,
        hints.id,
        hints.itemprop,
        hints.role,
        hints.data,
    ] {
        if !name.is_empty() {
            read_name(name, &mut cues);
        }
    }
    cues
}

/// Whether a `style` keeps its element from being seen.
pub(crate) fn hides(style: &str) -> bool {
    style.split(';').any(|rule| {
        rule.split_once(':').is_some_and(|(property, value)| {
            let (property, value) = (property.trim(), value.trim());
            property.eq_ignore_ascii_case("display") && value.starts_with("none")
                || property.eq_ignore_ascii_case("visibility") && value.starts_with("hidden")
        })
    })
}

/// Longest word of [`WORDS`].
const WORD_BYTES_MAX: usize = 20;

/// Cuts a name at hyphens, underscores and capitals and looks each word up.
fn read_name(name: &str, cues: &mut Cues) {
    let mut word = [0_u8; WORD_BYTES_MAX];
    let mut length = 0;
    let mut was_lower = false;
    for byte in name.bytes().chain([b' ']) {
        let is_letter = byte.is_ascii_alphabetic() || (byte.is_ascii_digit() && length > 0);
        let is_cut = !is_letter || (byte.is_ascii_uppercase() && was_lower);
        if is_cut && length > 0 {
            look_up(&word[..length.min(WORD_BYTES_MAX)], length, cues);
            length = 0;
        }
        if is_letter {
            if length < WORD_BYTES_MAX {
                word[length] = byte.to_ascii_lowercase();
            }
            length += 1;
        }
        was_lower = byte.is_ascii_lowercase();
    }
}

/// Bytes of a word from which it may be several written in one.
const JOINED_BYTES_MIN: usize = 8;

fn look_up(word: &[u8], length: usize, cues: &mut Cues) {
    if length <= WORD_BYTES_MAX
        && let Some(known) = CUES_OF.get(word)
    {
        cues.add_all(*known);
    }
    if length >= JOINED_BYTES_MIN {
        for (cue, _, parts) in WORDS {
            let is_in_word = |part: &&str| memchr::memmem::find(word, part.as_bytes()).is_some();
            if parts.iter().any(is_in_word) {
                cues.add(*cue);
            }
        }
    }
}

/// [`WORDS`] the other way round.
static CUES_OF: LazyLock<HashMap<&[u8], Cues>> = LazyLock::new(|| {
    let mut words = HashMap::<&[u8], Cues>::new();
    for (cue, names, _) in WORDS {
        for name in *names {
            words.entry(name.as_bytes()).or_default().add(*cue);
        }
    }
    words
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(class: &str, wanted: &[Cue]) {
        let cues = of(&Hints {
            class,
            ..Hints::default()
        });
        let found: Vec<Cue> = Cue::ALL.into_iter().filter(|cue| cues.has(*cue)).collect();
        assert_eq!(found, wanted, "{class}");
    }

    #[test]
    fn names_are_cut_into_words() {
        check("teaser-list", &[Cue::Teaser]);
        check("c-newsletterBox js_x2", &[Cue::Promo, Cue::Info]);
        check("leserkommentarbereich", &[Cue::Comment]);
        check("x1 y2", &[]);
    }

    #[test]
    fn every_word_can_be_met() {
        for (cue, words, _) in WORDS {
            for word in *words {
                let mut cues = Cues::default();
                read_name(word, &mut cues);
                assert!(cues.has(*cue), "{word}");
            }
        }
    }
}
