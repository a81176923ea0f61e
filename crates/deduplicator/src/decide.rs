//! The verdict: candidates from the index, a comparison with each, and what they say together.

use crate::Prepared;
use crate::align::{self, Change, Comparison, compare};
use crate::entry::Facts;
use crate::explain::passages;
use crate::index::Index;
use copydesk_model::{CopyOf, DuplicateOf, Kind, Op, Verdict};
use std::ops::Range;

/// What was found.
pub(crate) struct Decision {
    pub verdict: Verdict,
    /// The item that the article belongs to, if an earlier one.
    pub cluster: Option<u64>,
    /// Whether later articles are to be compared with it.
    pub is_source: bool,
    /// Bytes of its text that a duplicate copies, each first and after the last.
    pub copied: Vec<(u32, u32)>,
}

/// Memory that decisions share.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    align: align::Scratch,
    /// Articles under a fingerprint, and how many are.
    postings: Vec<(u64, u32)>,
}

/// Articles compared at the most.
const CANDIDATES_MAX: usize = 16;
/// Of them, articles of one item.
const CANDIDATES_OF_ITEM: usize = 3;
/// A copy with at least this share of other text is compared with later ones too.
const OWN_TEXT_MIN: f32 = 0.1;

struct Match {
    number: u64,
    cluster: u64,
    comparison: Comparison,
}

/// Judges a text against all in the index.
pub(crate) fn decide(index: &Index, new: &Prepared, scratch: &mut Scratch) -> Decision {
    index.fetch_hashes(new.identity_hash, new.text_hash);
    let known = (new.identity_hash != 0)
        .then(|| index.by_identity(new.identity_hash))
        .flatten();
    if let Some((number, known)) = known.and_then(|number| Some((number, index.facts(number)?))) {
        let is_same = known.text_hash == new.text_hash && known.title_hash == new.title_hash;
        return if is_same {
            repeated(index, new, (number, known.cluster), Kind::SameUrl)
        } else {
            Decision {
                verdict: Verdict {
                    op: Op::Update,
                    duplicate_of: None,
                    copies_of: Vec::new(),
                },
                cluster: Some(known.cluster),
                copied: Vec::new(),
                is_source: known.text_hash != new.text_hash,
            }
        };
    }
    if new.words.is_empty() {
        return novel(false);
    }
    if let Some((number, same)) = index
        .by_text(new.text_hash)
        .and_then(|number| Some((number, index.facts(number)?)))
    {
        return repeated(index, new, (number, same.cluster), Kind::Exact);
    }
    let matches: Vec<Match> = candidates(index, new, &mut scratch.postings)
        .into_iter()
        .filter_map(|(number, cluster)| {
            Some(Match {
                number,
                cluster,
                comparison: compared(index, new, number, &mut scratch.align)?,
            })
        })
        .collect();
    let witnesses = witnesses(new, &matches);
    let mut copied: Vec<&Match> = matches
        .iter()
        .filter(|found| {
            // Most are not, whatever is evidence, and that costs more to see.
            is_copy(&found.comparison, 1.0)
                && is_copy(&found.comparison, evidence(new, found, &witnesses))
                && !fills_otherwise(found, &matches)
        })
        .collect();
    copied.sort_by(|a, b| {
        b.comparison
            .matched
            .cmp(&a.comparison.matched)
            .then(a.number.cmp(&b.number))
    });
    if let Some(decision) = round_up(index, new, &matches, &witnesses) {
        return decision;
    }
    let Some(best) = copied.first() else {
        return novel(true);
    };
    let found = &best.comparison;
    let runs = found.runs.iter().map(|run| run.new..run.new + run.length);
    Decision {
        is_source: found.new_in_old < 1.0 - OWN_TEXT_MIN,
        copied: passages(&new.places, runs),
        ..duplicate(
            index,
            (best.number, best.cluster),
            Kind::Near,
            (found.new_in_old, found.old_in_new),
        )
    }
}

/// Share of either of two texts that stands in the other, from which on they may be versions of one
/// article, however much was rewritten.
const VERSION_SHARE: f32 = 0.3;

/// Whether a text may be a version of an article.
pub(crate) fn resembles(
    index: &Index,
    identity: u64,
    new: &Prepared,
    scratch: &mut Scratch,
) -> bool {
    let Some(number) = index.by_identity(identity) else {
        return false;
    };
    let first = index.facts(number).map(|facts| facts.cluster);
    let texts = [Some(number), first].into_iter().flatten();
    texts
        .filter_map(|number| compared(index, new, number, &mut scratch.align))
        .any(|found| found.new_in_old.max(found.old_in_new) >= VERSION_SHARE)
}

/// None where the older article cannot be read.
fn compared(
    index: &Index,
    new: &Prepared,
    number: u64,
    scratch: &mut align::Scratch,
) -> Option<Comparison> {
    let old = index.words(number)?;
    Some(compare(
        &new.words,
        &new.shingles,
        old,
        &index.frequencies,
        scratch,
    ))
}

/// The whole text again.
fn repeated(index: &Index, new: &Prepared, of: (u64, u64), kind: Kind) -> Decision {
    let all = std::iter::once(0..new.places.len() as u32);
    Decision {
        copied: passages(&new.places, all),
        ..duplicate(index, of, kind, (1.0, 1.0))
    }
}

/// Texts with fewer words may share a single fingerprint with what they copy.
const WORDS_FEW: usize = 80;
/// What a fingerprint says that one article has; one that more have says as much less.
const RARITY: u32 = 5040;

/// Articles that share the rarest fingerprints, few of any one item, each with its item.
fn candidates(index: &Index, new: &Prepared, postings: &mut Vec<(u64, u32)>) -> Vec<(u64, u64)> {
    postings.clear();
    index.postings(&new.fingerprints, postings);
    postings.sort_unstable();
    let least = if new.words.len() < WORDS_FEW { 1 } else { 2 };
    let mut ranked: Vec<(u32, u64)> = postings
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() >= least)
        .map(|same| {
            let rarity = same.iter().map(|&(_, holders)| RARITY / holders).sum();
            (rarity, same[0].0)
        })
        .collect();
    ranked.sort_unstable_by_key(|&(rarity, number)| (std::cmp::Reverse(rarity), number));
    let mut out: Vec<(u64, u64)> = Vec::with_capacity(CANDIDATES_MAX);
    for (_, number) in ranked {
        let Some(cluster) = index.facts_within(number).map(|facts| facts.cluster) else {
            continue;
        };
        let of_item = |out: &[(u64, u64)]| out.iter().filter(|found| found.1 == cluster).count();
        // An item is what its first article says, whichever of its copies are most like this one.
        // That one may share a single fingerprint, or be crowded out by all the copies.
        let shares = postings.binary_search_by_key(&cluster, |found| found.0);
        let is_wanted = shares.is_ok() || of_item(&out) + 1 == CANDIDATES_OF_ITEM;
        for number in is_wanted.then_some(cluster).into_iter().chain([number]) {
            let is_source = |facts: Facts| facts.is_source;
            if of_item(&out) < CANDIDATES_OF_ITEM
                && !out.contains(&(number, cluster))
                && index.facts_within(number).is_some_and(is_source)
            {
                out.push((number, cluster));
            }
        }
        if out.len() >= CANDIDATES_MAX {
            break;
        }
    }
    out
}

/// Shingles in a passage that is not met by chance.
const PASSAGE_SHINGLES: usize = 2;

/// Items that prove what many articles share: those that the new text shares a passage with though
/// neither copies the other. One that it may be a copy of proves nothing: it may be a copy itself
/// that went unnoticed.
fn witnesses<'a>(new: &Prepared, matches: &'a [Match]) -> Vec<Witness<'a>> {
    let passage = (PASSAGE_SHINGLES * new.shingles.length) as u32;
    let mut out: Vec<Witness> = Vec::new();
    for found in matches {
        let share = found.comparison.new_in_old;
        if out.iter().any(|one| one.found.cluster == found.cluster)
            || is_copy(&found.comparison, share)
            || has_same_facts(&found.comparison)
                && !is_refilled(&found.comparison)
                && found.comparison.old_in_new >= 0.5
        {
            continue;
        }
        let runs = found.comparison.runs.iter();
        let passages = runs.filter(|run| run.length >= passage);
        out.push(Witness {
            found,
            passages: passages.map(|run| run.new..run.new + run.length).collect(),
        });
    }
    out
}

struct Witness<'a> {
    found: &'a Match,
    /// Words of the new text that stand in it.
    passages: Vec<Range<u32>>,
}

/// Share of the words that open an article, for its opening to be kept.
const OPENING_KEPT_MIN: f32 = 0.6;

impl Witness<'_> {
    /// Whether it says of an article of another item what that shares with others. A later one that
    /// has less of it than the new text, which opens as the article does, may itself have that from
    /// there: what an article is quoted for is still its own.
    fn testifies(&self, of: &Match) -> bool {
        let of_it = &of.comparison;
        if self.found.cluster == of.cluster {
            return false;
        }
        if self.found.cluster < of.cluster || of_it.lead < OPENING_KEPT_MIN {
            return true;
        }
        let is_here = |place: &u32| self.passages.iter().any(|passage| passage.contains(place));
        let all = of_it
            .runs
            .iter()
            .flat_map(|run| run.new..run.new + run.length);
        let opening = || of_it.opening().flatten();
        opening().filter(is_here).count() * 2 >= opening().count()
            && all.filter(is_here).count() * 5 >= of_it.matched * 4
    }
}

/// For each word of the new text, how many items have it that testify of this one.
fn common_words(new: &Prepared, of: &Match, witnesses: &[Witness]) -> Vec<u8> {
    let mut counts = vec![0_u8; new.words.len()];
    for witness in witnesses.iter().filter(|witness| witness.testifies(of)) {
        for place in witness.passages.iter().cloned().flatten() {
            counts[place as usize] += 1;
        }
    }
    counts
}

/// Items that share a passage and are no copies of each other, from which on it is no evidence.
const ITEMS_COMMON: u8 = 2;
/// Where most of what two texts share is common and some of the rest is changed, the share of the
/// rest that they must share.
const REST_MIN: f32 = 0.85;

/// The share of the new text that stands in the old one, counting only what is evidence: what many
/// unrelated articles have, copying need not explain.
fn evidence(new: &Prepared, found: &Match, witnesses: &[Witness]) -> f32 {
    let common = common_words(new, found, witnesses);
    let rest = common.iter().filter(|&&count| count < ITEMS_COMMON).count();
    if rest == common.len() || rest == 0 {
        return found.comparison.new_in_old;
    }
    let (mut kept, mut shared) = (0, 0);
    for run in &found.comparison.runs {
        let span = &common[run.new as usize..(run.new + run.length) as usize];
        let rare = span.iter().filter(|&&count| count < ITEMS_COMMON).count();
        kept += rare;
        shared += span.len() - rare;
    }
    let share = kept as f32 / rest as f32;
    let is_form = shared > kept && !found.comparison.changes.is_empty();
    if is_form && share < REST_MIN {
        return 0.0;
    }
    share
}

/// Whether the text is another filling of the old one's form. A gap of a form is a place where a
/// third article with the same wording has other words again; what an editor changes stands where
/// all the others agree.
fn fills_otherwise(found: &Match, matches: &[Match]) -> bool {
    let changes = &found.comparison.changes;
    let is_gap = |change: &&Change| {
        matches
            .iter()
            .filter(|other| other.cluster != found.cluster && other.comparison.new_in_old >= 0.5)
            .filter(|other| {
                other.comparison.changes.iter().any(|third| {
                    third.new < change.new_end
                        && change.new < third.new_end
                        && third.old != change.old
                })
            })
            .take(2)
            .count()
            > usize::from(change.is_open)
    };
    !changes.is_empty() && changes.iter().filter(is_gap).count() * 2 >= changes.len()
}

/// Words that stand where the other text has others, of those matched, above which it is another
/// telling of the same event.
const RIVALLED_MAX: f32 = 0.25;

/// Share of the changed facts that stand close together in a form. An editor's changes and a
/// machine's are everywhere.
const FACTS_CLOSE: f32 = 0.9;

fn has_same_facts(found: &Comparison) -> bool {
    found.facts_changed <= found.facts_changed_max
        && (found.rivalled as f32) <= RIVALLED_MAX * found.matched as f32
}

/// Whether it is the same form with other facts, all in one place.
fn is_refilled(found: &Comparison) -> bool {
    found.facts_close > found.facts_close_max
        && found.facts_close >= FACTS_CLOSE * found.facts_changed
}

/// Words that a masthead puts before what it copies.
const INTRODUCTION_MAX: usize = 100;
/// And words of its furniture before them: with more than both it tells a story of its own.
const FURNITURE_MAX: usize = 60;

/// Whether the new text is a copy of the old one. `share` of it stands there.
fn is_copy(found: &Comparison, share: f32) -> bool {
    if !has_same_facts(found) || is_refilled(found) {
        return false;
    }
    let (own, missing) = found.heads;
    // The whole of a short text inside a longer one that goes on: the full article after a stub.
    // Where the old text goes on as well, it was cut, and what follows in the new one is furniture.
    let after = found.tail as f32 / (found.matched + found.tail) as f32;
    let is_expansion = after > if found.old_in_new < 0.6 { 0.5 } else { 0.4 };
    // Own text first and more of it than is copied: a new story that closes on an old one. Where
    // each opens in its own way, less of it tells the same, unless it is an introduction.
    let has_lead = found.lead >= 0.8 && missing < 10;
    let has_other_lead = found.lead < 0.3 && missing >= 20;
    let is_followup =
        own > match (has_lead, has_other_lead) {
            (true, _) => {
                (INTRODUCTION_MAX + FURNITURE_MAX).clamp(found.matched, found.matched * 3 / 2)
            }
            (_, true) => {
                (INTRODUCTION_MAX + 20).clamp(found.matched * 7 / 10, found.matched * 4 / 5)
            }
            _ => found.matched,
        } || has_other_lead && own.min(missing) > INTRODUCTION_MAX.max(found.matched * 7 / 20)
            || has_other_lead && missing > found.matched && own * 5 > found.matched * 2;
    // The opening to the word, and nothing else in the place of what follows.
    let is_plain = found.lead >= 0.9 && missing < 5 && found.rivalled * 10 <= found.matched;
    !is_expansion
        && !is_followup
        && (share >= 0.52
            || (share >= 0.45 && found.old_in_new >= 0.8)
            || (share >= 0.38 && found.lead >= 0.6)
            || (share >= 0.30 && is_plain))
}

/// Several articles one after the other. What many have, a masthead's furniture, is no part.
fn round_up(
    index: &Index,
    new: &Prepared,
    matches: &[Match],
    witnesses: &[Witness],
) -> Option<Decision> {
    let mut parts: Vec<&Match> = Vec::new();
    let mut taken = vec![false; new.words.len()];
    let mut order: Vec<&Match> = matches
        .iter()
        .filter(|found| has_same_facts(&found.comparison))
        .collect();
    order.sort_by(|a, b| {
        b.comparison
            .matched
            .cmp(&a.comparison.matched)
            .then(a.number.cmp(&b.number))
    });
    for found in order {
        if parts.iter().any(|part| part.cluster == found.cluster) {
            continue;
        }
        let words = || {
            found
                .comparison
                .runs
                .iter()
                .flat_map(|run| run.new..run.new + run.length)
        };
        let fresh = words().filter(|&place| !taken[place as usize]).count();
        let own = || {
            let common = common_words(new, found, witnesses);
            words()
                .filter(|&place| common[place as usize] < ITEMS_COMMON)
                .count()
        };
        let is_part = fresh * 10 >= words().count() * 7
            && fresh >= 25
            && (found.comparison.old_in_new >= 0.3 || found.comparison.lead >= 0.6)
            && own() * 2 >= words().count();
        if is_part {
            words().for_each(|place| taken[place as usize] = true);
            parts.push(found);
        }
    }
    let covered = taken.iter().filter(|&&taken| taken).count() as f32 / taken.len() as f32;
    if parts.len() < 2 || covered < 0.6 {
        return None;
    }
    let copies_of: Vec<CopyOf> = parts
        .iter()
        .filter_map(|part| {
            Some(CopyOf {
                id: index.id(part.number)?,
                overlap: part.comparison.new_in_old,
                kept: part.comparison.old_in_new,
            })
        })
        .collect();
    let first = copies_of.first()?;
    let duplicate_of = DuplicateOf {
        id: first.id.clone(),
        url: None,
        kind: Kind::Roundup,
        overlap: first.overlap,
        kept: first.kept,
        copied: Vec::new(),
        source_hint: None,
    };
    let words = (0..taken.len() as u32).filter(|&place| taken[place as usize]);
    Some(Decision {
        verdict: Verdict {
            op: Op::Duplicate,
            duplicate_of: Some(duplicate_of),
            copies_of,
        },
        cluster: None,
        is_source: false,
        copied: passages(&new.places, words.map(|place| place..place + 1)),
    })
}

fn novel(is_source: bool) -> Decision {
    Decision {
        verdict: Verdict::new(),
        cluster: None,
        is_source,
        copied: Vec::new(),
    }
}

/// A copy of an article of an item. `shares` are of the new text and of the old one.
fn duplicate(
    index: &Index,
    (number, cluster): (u64, u64),
    kind: Kind,
    (overlap, kept): (f32, f32),
) -> Decision {
    // A record that cannot be read is damage, which `sync` reports.
    let Some(id) = index.id(number) else {
        return novel(true);
    };
    let of = DuplicateOf {
        id: id.clone(),
        url: None,
        kind,
        overlap,
        kept,
        copied: Vec::new(),
        source_hint: None,
    };
    Decision {
        verdict: Verdict {
            op: Op::Duplicate,
            duplicate_of: Some(of),
            copies_of: vec![CopyOf { id, overlap, kept }],
        },
        cluster: Some(cluster),
        is_source: false,
        copied: Vec::new(),
    }
}
