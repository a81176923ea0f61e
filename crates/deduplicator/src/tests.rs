//! The judge from outside: articles in, verdicts out.

use crate::{Config, Document, Judge, prepare};
use copydesk_model::{Kind, Op, Verdict};
use jiff::Timestamp;
use proptest::prelude::*;

const STORY: &str = "The harbour board of Tarn Cove voted on Tuesday to close the north pier \
    for repairs until the end of March, a decision that surprised most of the town's crews.\n\n\
    Chair Ruth Okello said divers had found 14 cracked piles under the loading deck, and that the \
    insurer would no longer cover ships above 900 tonnes. \"We had no choice,\" she said.\n\n\
    Ferries to Ulm Island will leave from the west quay instead. The operator, Bay Lines, expects \
    delays of twenty minutes in the first week and has promised refunds to season ticket holders.";

fn judge_one(judge: &mut Judge, id: &str, text: &str) -> Verdict {
    let document = Document {
        id,
        identity: Some(id),
        title: None,
        text,
        language: None,
        seen: Timestamp::UNIX_EPOCH,
    };
    let prepared = prepare(&document);
    judge.judge(&document, prepared)
}

#[test]
fn knows_a_copy_with_other_typography_and_an_intro() {
    let mut judge = Judge::in_memory(Config::default());
    assert_eq!(judge_one(&mut judge, "a", STORY).op, Op::New);
    let copy = format!(
        "Our readers on the coast have asked for news.\n\n{}",
        STORY.replace('"', "”")
    );
    let verdict = judge_one(&mut judge, "b", &copy);
    let of = verdict.duplicate_of.expect("a copy");
    assert_eq!((of.id.as_str(), of.kind), ("a", Kind::Near));
    assert_eq!(
        judge_one(&mut judge, "a", STORY)
            .duplicate_of
            .map(|of| of.kind),
        Some(Kind::SameUrl)
    );
    assert_eq!(
        judge_one(&mut judge, "a", &STORY.replace("14", "15")).op,
        Op::Update
    );
}

#[test]
fn forgets_what_was_not_committed() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = |position| Judge::open(folder.path(), Config::default(), position).expect("opens");
    let mut judge = open(None);
    judge_one(&mut judge, "a", STORY);
    let position = judge.sync().expect("syncs");
    let before = judge_one(&mut judge, "b", &STORY.replace("Tuesday", "Wednesday"));
    judge.sync().expect("syncs");
    drop(judge);
    let mut judge = open(Some(position));
    assert_eq!(judge.len(), 1);
    assert_eq!(
        judge_one(&mut judge, "b", &STORY.replace("Tuesday", "Wednesday")),
        before
    );
}

#[test]
fn one_date_in_the_future_forgets_nothing() {
    let mut judge = Judge::in_memory(Config::default());
    judge_one(&mut judge, "a", STORY);
    let document = Document {
        id: "b",
        identity: None,
        title: None,
        text: "Nothing to see.",
        language: None,
        seen: Timestamp::MAX,
    };
    judge.judge(&document, prepare(&document));
    assert_eq!(judge_one(&mut judge, "c", STORY).op, Op::Duplicate);
}

#[test]
fn says_which_characters_were_copied_and_how_much_was_kept() {
    let mut judge = Judge::in_memory(Config::default());
    judge_one(&mut judge, "a", STORY);
    let intro = "Grüße an alle – unsere Leser fragten nach.";
    let of = judge_one(&mut judge, "b", &format!("{intro}\n\n{STORY}"))
        .duplicate_of
        .expect("a copy");
    let (start, end) = (
        intro.chars().count() as u32 + 2,
        STORY.chars().count() as u32,
    );
    // The full stop after the last word is no word.
    assert_eq!(of.copied, [[start, start + end - 1]]);
    assert!(of.kept > 0.99 && of.overlap < 0.95, "{of:?}");
    let again = judge_one(&mut judge, "c", STORY)
        .duplicate_of
        .expect("a copy");
    assert_eq!((again.overlap, again.kept), (1.0, 1.0));
    assert_eq!(again.copied, [[0, end - 1]]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    /// What runs ahead of the judge, and how often the index is made durable, changes no verdict.
    #[test]
    fn the_same_stream_gets_the_same_verdicts(
        picks in prop::collection::vec((0..4_usize, 0..6_usize, 0..4_usize), 1..40),
        threads in 1..5_usize,
        batch in 5..20_usize,
    ) {
        let sentences: Vec<&str> = STORY.split_inclusive(". ").collect();
        let texts: Vec<String> = picks
            .iter()
            .map(|&(skip, swap, intro)| {
                let mut text = sentences[skip.min(sentences.len() - 1)..].to_vec();
                let last = text.len() - 1;
                text.swap(0, swap.min(last));
                format!("{} {}", "Own words of ours. ".repeat(intro), text.concat())
            })
            .collect();
        let alone: Vec<Verdict> = {
            let mut judge = Judge::in_memory(Config::default());
            (texts.iter().enumerate())
                .map(|(number, text)| judge_one(&mut judge, &number.to_string(), text))
                .collect()
        };
        let ids: Vec<String> = (0..texts.len()).map(|number| number.to_string()).collect();
        let documents: Vec<Document> = (ids.iter().zip(&texts))
            .map(|(id, text)| Document {
                id,
                identity: Some(id),
                title: None,
                text,
                language: None,
                seen: Timestamp::UNIX_EPOCH,
            })
            .collect();
        let share = documents.len().div_ceil(threads);
        let prepared: Vec<_> = std::thread::scope(|scope| {
            let parts: Vec<_> = documents
                .chunks(share)
                .map(|part| scope.spawn(move || part.iter().map(prepare).collect::<Vec<_>>()))
                .collect();
            parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
        });
        let folder = tempfile::tempdir().expect("a folder");
        let mut judge = Judge::open(folder.path(), Config::default(), None).expect("opens");
        for (number, (document, prepared)) in documents.iter().zip(prepared).enumerate() {
            prop_assert_eq!(&judge.judge(document, prepared), &alone[number]);
            if number % batch == 0 {
                judge.sync().expect("syncs");
            }
        }
    }
}
