//! What is kept of an article, and how it stands in the log.

use crate::words::Word;

/// What is kept of an article.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry<'a> {
    /// What verdicts call it.
    pub id: &'a str,
    pub facts: Facts,
    pub words: &'a [Word],
    /// What finds it; empty where later articles are not compared with it.
    pub fingerprints: &'a [u32],
}

/// What is kept in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    /// Microseconds since 1970.
    pub seen: i64,
    /// Number of the first article of its item.
    pub cluster: u64,
    pub identity_hash: u64,
    pub title_hash: u64,
    pub text_hash: u64,
    /// Whether later articles are compared with it.
    pub is_source: bool,
}

/// `Facts` in 32-bit words.
pub(crate) const FACTS_LENGTH: usize = 11;

impl Facts {
    pub fn to_words(self) -> [u32; FACTS_LENGTH] {
        let mut out = [0; FACTS_LENGTH];
        let long = [
            self.seen.cast_unsigned(),
            self.cluster,
            self.identity_hash,
            self.title_hash,
            self.text_hash,
        ];
        for (place, number) in long.into_iter().enumerate() {
            out[2 * place] = number as u32;
            out[2 * place + 1] = (number >> 32) as u32;
        }
        out[10] = u32::from(self.is_source);
        out
    }

    pub fn from_words(words: &[u32]) -> Option<Self> {
        let long = |place: usize| {
            Some(u64::from(*words.get(2 * place)?) | u64::from(*words.get(2 * place + 1)?) << 32)
        };
        Some(Self {
            seen: long(0)?.cast_signed(),
            cluster: long(1)?,
            identity_hash: long(2)?,
            title_hash: long(3)?,
            text_hash: long(4)?,
            is_source: *words.get(10)? != 0,
        })
    }
}

/// An entry read from a log; its memory serves for the next.
#[derive(Debug, PartialEq, Default)]
pub(crate) struct Owned {
    id: String,
    facts: Facts,
    words: Vec<Word>,
    fingerprints: Vec<u32>,
}

impl Owned {
    pub fn borrow(&self) -> Entry<'_> {
        Entry {
            id: &self.id,
            facts: self.facts,
            words: &self.words,
            fingerprints: &self.fingerprints,
        }
    }
}

/// The entry's bytes, little-endian: facts, then id, fingerprints and words, each after its length.
pub(crate) fn encode(entry: &Entry, out: &mut Vec<u8>) {
    let mut put = |numbers: &[u32]| {
        for number in numbers {
            out.extend_from_slice(&number.to_le_bytes());
        }
    };
    put(&entry.facts.to_words());
    for list in [entry.fingerprints, entry.words] {
        put(&[list.len() as u32]);
        put(list);
    }
    put(&[entry.id.len() as u32]);
    out.extend_from_slice(entry.id.as_bytes());
}

/// None where the bytes are none of `encode`'s.
pub(crate) fn decode(mut bytes: &[u8], out: &mut Owned) -> Option<()> {
    out.facts = Facts::from_words(&list(&mut bytes, FACTS_LENGTH)?.collect::<Vec<u32>>())?;
    for into in [&mut out.fingerprints, &mut out.words] {
        let length = list(&mut bytes, 1)?.next()? as usize;
        into.clear();
        into.extend(list(&mut bytes, length)?);
    }
    let length = list(&mut bytes, 1)?.next()? as usize;
    out.id.clear();
    out.id.push_str(
        std::str::from_utf8(bytes)
            .ok()
            .filter(|id| id.len() == length)?,
    );
    Some(())
}

fn list<'a>(bytes: &mut &'a [u8], count: usize) -> Option<impl Iterator<Item = u32> + use<'a>> {
    let (head, rest) = bytes.split_at_checked(count.checked_mul(4)?)?;
    *bytes = rest;
    let fours = head.as_chunks().0.iter();
    Some(fours.map(|four| u32::from_le_bytes(*four)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn decodes_what_it_encodes_and_survives_the_rest(
            id in ".*", seen: i64, numbers: [u64; 4], is_source: bool, words: Vec<u32>,
            fingerprints: Vec<u32>, cut: usize, garbage: Vec<u8>,
        ) {
            let [cluster, identity_hash, title_hash, text_hash] = numbers;
            let facts = Facts { seen, cluster, identity_hash, title_hash, text_hash, is_source };
            let entry = Entry { id: &id, facts, words: &words, fingerprints: &fingerprints };
            let mut bytes = Vec::new();
            encode(&entry, &mut bytes);
            let mut decoded = Owned::default();
            prop_assert_eq!(decode(&bytes, &mut decoded), Some(()));
            prop_assert_eq!(decoded.borrow(), entry);
            prop_assert_eq!(decode(&bytes[..cut % bytes.len()], &mut decoded), None);
            let _ = decode(&garbage, &mut decoded);
        }
    }
}
