//! What a page says twice.

use crate::text::outline::Outline;
use crate::text::witness::{HashedMap, runs, words_of};

/// Each block's words, and how much of it other blocks say too.
pub(super) struct Echoes {
    pub words: Vec<Vec<u64>>,
    pub before: Vec<f32>,
    pub after: Vec<f32>,
}

impl Echoes {
    pub fn of(outline: &Outline) -> Self {
        let words: Vec<Vec<u64>> = outline
            .blocks
            .iter()
            .map(|block| {
                let mut words = Vec::new();
                words_of(&block.text, &mut words);
                words
            })
            .collect();
        // Where a run of words stands first and last.
        let mut places: HashedMap<(usize, usize)> = HashedMap::default();
        for (index, words) in words.iter().enumerate() {
            for run in runs(words) {
                places
                    .entry(run)
                    .and_modify(|place| place.1 = index)
                    .or_insert((index, index));
            }
        }
        let share = |is_echo: &dyn Fn(usize, (usize, usize)) -> bool| {
            words
                .iter()
                .enumerate()
                .map(|(index, words)| {
                    let echoes = runs(words).filter(|run| is_echo(index, places[run]));
                    echoes.count() as f32 / words.len().saturating_sub(2).max(1) as f32
                })
                .collect()
        };
        Self {
            before: share(&|index, (first, _)| first < index),
            after: share(&|index, (_, last)| last > index),
            words,
        }
    }
}
