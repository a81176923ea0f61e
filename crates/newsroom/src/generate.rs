use crate::site::Story;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::LazyLock;

/// So many fictional stories of 150 to 450 words; the same at every call.
///
/// They look like news and mean nothing. No two share more than a twentieth of their runs of four
/// words (4.7 % at most among 2,000; a test holds 150 to it), so none is a near-duplicate of
/// another.
/// The first is dated 1 November 2026 and each a minute after the one before it.
pub fn generate(seed: u64, count: usize) -> Vec<Story> {
    generate_with_copies(seed, count, 0.0)
        .into_iter()
        .map(|(story, _)| story)
        .collect()
}

/// The same, but a `copies` share of the stories (0 to 1) are what another paper made of one of the
/// 200 before: another headline and byline, at times an added intro, a last paragraph cut, a credit
/// line. Beside each copy stands the index of the first story of that text.
pub fn generate_with_copies(seed: u64, count: usize, copies: f64) -> Vec<(Story, Option<usize>)> {
    let mut stories: Vec<(Story, Option<usize>)> = Vec::with_capacity(count);
    for place in 0..count {
        // Each story has dice of its own, so that it is the same whatever came before it.
        let mut dice = Dice::new(seed, place as u64);
        let is_copy = place > 0 && (dice.below(1_000_000) as f64) < copies * 1_000_000.0;
        let mut story = Story::new("", "", "");
        let original = is_copy.then(|| {
            let back = 1 + dice.below(place.min(200));
            stories[place - back].1.unwrap_or(place - back)
        });
        match original {
            Some(original) => copy(&mut dice, &stories[original].0, &mut story),
            None => write(&mut dice, &mut story),
        }
        story.slug = format!("{place:06}-{}", slug(&story.title));
        let first = Timestamp::from_second(FIRST).expect("a constant");
        story.published = first + SignedDuration::from_mins(place as i64);
        stories.push((story, original));
    }
    stories
}

/// 1 November 2026, 00:00 UTC.
const FIRST: i64 = 1_793_491_200;

fn write(dice: &mut Dice, story: &mut Story) {
    let names = Names::invent(dice);
    story.title = names.expand(dice, "headline");
    let mut paragraphs = vec![names.expand(dice, "lead")];
    for _ in 0..dice.between(4, 7) {
        let sentences: Vec<String> = (0..dice.between(2, 4))
            .map(|_| names.expand(dice, "sentence"))
            .collect();
        paragraphs.push(sentences.join(" "));
    }
    paragraphs.push(names.expand(dice, "close"));
    story.summary = paragraphs[0].clone();
    story.body = crate::Body::Paragraphs(paragraphs);
    byline(dice, story);
    story.section = Some(capitalised(names.topic));
    story.tags = vec![names.topic.to_owned(), names.expand(dice, "here")];
    if dice.below(2) == 0 {
        story.caption = Some(format!("{}.", capitalised(&names.expand(dice, "object"))));
        story.image_credit = Some(names.expand(dice, "first"));
    }
}

fn copy(dice: &mut Dice, original: &Story, story: &mut Story) {
    let names = Names::invent(dice);
    let crate::Body::Paragraphs(mut paragraphs) = original.body.clone() else {
        return;
    };
    story.title = names.expand(dice, "headline");
    if dice.below(2) == 0 {
        paragraphs.pop();
    }
    if dice.below(3) == 0 {
        paragraphs.insert(0, names.expand(dice, "intro"));
    }
    story.credit = match dice.below(3) {
        0 => Some("(With inputs from ANI)".into()),
        1 => Some("Source: ANI".into()),
        _ => None,
    };
    story.summary = paragraphs[0].clone();
    story.body = crate::Body::Paragraphs(paragraphs);
    story.section = original.section.clone();
    byline(dice, story);
}

fn byline(dice: &mut Dice, story: &mut Story) {
    story.authors = (0..dice.below(3)).map(|_| person(dice)).collect();
}

fn person(dice: &mut Dice) -> String {
    let nobody = Names::default();
    let given = nobody.expand(dice, "given");
    format!("{given} {}", nobody.expand(dice, "surname"))
}

fn slug(title: &str) -> String {
    let words = title
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let words: Vec<String> = words.take(6).map(str::to_lowercase).collect();
    words.join("-")
}

type Rules = HashMap<&'static str, Vec<&'static str>>;

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules::new();
    let mut symbol = "";
    for line in include_str!("../words/news.grammar").lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut alternatives = line;
        if !line.starts_with(' ') {
            (symbol, alternatives) = line.split_once(':').expect("a rule has a colon");
        }
        rules.entry(symbol).or_default().extend(
            alternatives
                .split('|')
                .map(str::trim)
                .filter(|alternative| !alternative.is_empty()),
        );
    }
    rules
});

/// What a story keeps: its topic, its people, its places, its organisation.
#[derive(Default)]
struct Names {
    topic: &'static str,
    fixed: HashMap<&'static str, String>,
}

impl Names {
    fn invent(dice: &mut Dice) -> Self {
        let topics = &RULES["topics"];
        let mut names = Names {
            topic: topics[dice.below(topics.len())],
            fixed: HashMap::new(),
        };
        for (whole, last) in [
            ("first", "last-first"),
            ("second", "last-second"),
            ("third", "last-third"),
        ] {
            let person = person(dice);
            let surname = person.rsplit(' ').next().unwrap_or_default();
            names.fixed.insert(last, surname.to_owned());
            names.fixed.insert(whole, person);
        }
        for place in ["here", "there"] {
            let name = names.expand(dice, "place");
            names.fixed.insert(place, name);
        }
        let board = names.expand(dice, "board");
        names.fixed.insert("board", board);
        names
    }

    /// One wording of a symbol, with the articles put right.
    fn expand(&self, dice: &mut Dice, symbol: &str) -> String {
        let mut text = String::new();
        self.expand_into(&mut text, dice, symbol);
        let mut parts = text.split("a(n) ");
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let is_vowel = part.starts_with(['a', 'e', 'i', 'o', 'u']);
            whole.push_str(if is_vowel { "an " } else { "a " });
            whole.push_str(part);
        }
        whole
    }

    fn expand_into(&self, text: &mut String, dice: &mut Dice, symbol: &str) {
        if symbol.starts_with(|letter: char| letter.is_ascii_uppercase()) {
            let start = text.len();
            self.expand_into(text, dice, &symbol.to_ascii_lowercase());
            let capital = capitalised(&text[start..]);
            text.truncate(start);
            text.push_str(&capital);
            return;
        }
        if let Some(fixed) = self.fixed.get(symbol) {
            text.push_str(fixed);
            return;
        }
        match symbol {
            "n" => return text.push_str(&dice.between(3, 97).to_string()),
            "hundreds" => return text.push_str(&dice.between(101, 989).to_string()),
            _ => {}
        }
        let singular = match symbol {
            "things" => "thing",
            "roles" => "role",
            _ => symbol,
        };
        let alternatives = self.alternatives(dice, singular);
        let mut rest = alternatives[dice.below(alternatives.len())];
        while let Some((before, tail)) = rest.split_once('{') {
            text.push_str(before);
            let (inner, after) = tail.split_once('}').expect("the grammar closes its braces");
            self.expand_into(text, dice, inner);
            rest = after;
        }
        text.push_str(rest);
        if singular != symbol {
            make_plural(text);
        }
    }

    /// Mostly the topic's own words, some of everyday life.
    fn alternatives(&self, dice: &mut Dice, symbol: &str) -> &'static [&'static str] {
        let own = format!("{symbol}.{}", self.topic);
        let own = RULES.get(own.as_str()).filter(|_| dice.below(4) > 0);
        own.or_else(|| RULES.get(symbol))
            .unwrap_or_else(|| panic!("the grammar has no {symbol}"))
    }
}

fn make_plural(text: &mut String) {
    let irregular = [("man", "men"), ("shelf", "shelves"), ("loaf", "loaves")];
    for (singular, plural) in irregular {
        if text.ends_with(singular) {
            text.truncate(text.len() - singular.len());
            return text.push_str(plural);
        }
    }
    let before_y = text.strip_suffix('y').and_then(|stem| stem.chars().last());
    if before_y.is_some_and(|letter| !"aeiou".contains(letter)) {
        text.pop();
        text.push_str("ies");
    } else if ["s", "x", "ch", "sh"].iter().any(|end| text.ends_with(end)) {
        text.push_str("es");
    } else {
        text.push('s');
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// SplitMix64: small, fast and the same on every machine.
struct Dice(u64);

impl Dice {
    fn new(seed: u64, stream: u64) -> Self {
        let mut dice = Self(seed ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03));
        dice.roll();
        dice
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `bound` - 1; the bias of a remainder does not matter here.
    fn below(&mut self, bound: usize) -> usize {
        (self.roll() % bound.max(1) as u64) as usize
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use xxhash_rust::xxh3::xxh3_64;

    fn runs(story: &Story) -> HashSet<u64> {
        let text = story.text().to_lowercase();
        let words: Vec<&str> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        words
            .windows(4)
            .map(|run| xxh3_64(run.join(" ").as_bytes()))
            .collect()
    }

    fn contained(a: &HashSet<u64>, b: &HashSet<u64>) -> f64 {
        a.intersection(b).count() as f64 / a.len().max(1) as f64
    }

    #[test]
    fn the_same_seed_tells_the_same_stories() {
        assert_eq!(generate(7, 20), generate(7, 20)[..20]);
        assert_eq!(generate(7, 5), generate(7, 20)[..5]);
        assert_ne!(generate(7, 5)[0].title, generate(8, 5)[0].title);
    }

    #[test]
    fn stories_are_of_a_length_and_have_addresses_of_their_own() {
        let stories = generate(1, 300);
        let slugs: HashSet<&str> = stories.iter().map(|story| story.slug.as_str()).collect();
        assert_eq!(slugs.len(), 300);
        for story in &stories {
            let words = story.text().split_whitespace().count();
            assert!((120..=500).contains(&words), "{}: {words}", story.slug);
            assert!(!story.text().contains(['{', '}', '|']), "{}", story.text());
        }
    }

    #[test]
    fn no_story_is_much_like_another() {
        let runs: Vec<_> = generate(3, 150).iter().map(runs).collect();
        let mut most = 0_f64;
        for (place, a) in runs.iter().enumerate() {
            for b in &runs[place + 1..] {
                most = most.max(contained(a, b)).max(contained(b, a));
            }
        }
        assert!(most < 0.05, "{most}");
    }

    #[test]
    fn copies_share_what_was_asked_for() {
        let stories = generate_with_copies(5, 400, 0.3);
        let copies = stories.iter().filter(|(_, of)| of.is_some()).count();
        assert!((90..150).contains(&copies), "{copies}");
        for (story, original) in &stories {
            let Some(original) = original else { continue };
            let (original, of_original) = &stories[*original];
            assert!(of_original.is_none());
            assert_ne!(story.title, original.title);
            assert!(contained(&runs(story), &runs(original)) > 0.7);
        }
    }
}
