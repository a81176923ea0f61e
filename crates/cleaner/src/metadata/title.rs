//! The article's headline out of the titles of its page.

/// What stands between a headline and a site's name.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " • ", " · ", " » ", " « ", " :: ", " : ", "｜", " / ", " ~ ", "|",
    " › ", ": ",
];

/// Letter pairs that a heading must share with a title to be the same headline in other words.
/// Headings of sections, logos and lists stay below .3, rewritten headlines above .5.
const LIKENESS_MIN: f32 = 0.45;

/// The headline: the one stated for machines, unless it is cut off; else the heading most like one
/// of the page's titles, because it is what readers saw; else the first title; else the first
/// heading. Where JSON-LD and heading differ, other titles side with either as often (fundus_tests). Titles come in order of trust; houses are names
/// of the site.
pub(super) fn choose(
    stated: Option<&str>,
    headings: &[&str],
    titles: &[&str],
    houses: &[&str],
) -> Option<String> {
    let stated = stated
        .map(|stated| without_house(stated, houses))
        .filter(|stated| !is_house(stated, houses));
    if let Some(stated) = stated.filter(|stated| !stated.ends_with(['…', '.'])) {
        return Some(stated.to_owned());
    }
    let clean = |texts: &[&str]| -> Vec<String> {
        let texts = texts.iter().map(|text| without_house(text, houses));
        texts
            .filter(|text| !is_house(text, houses))
            .map(str::to_owned)
            .collect()
    };
    let (headings, mut titles) = (clean(headings), clean(titles));
    titles.extend(stated.map(str::to_owned));
    let pairs_of_titles: Vec<_> = titles.iter().map(|title| pairs(title)).collect();
    let likeness = |heading: &str| {
        let own = pairs(heading);
        pairs_of_titles
            .iter()
            .map(|pairs| likeness(&own, pairs))
            .fold(0.0, f32::max)
    };
    let mut best: Option<(f32, &String)> = None;
    for heading in &headings {
        let likeness = likeness(heading);
        if likeness >= LIKENESS_MIN && best.is_none_or(|(highest, _)| likeness > highest) {
            best = Some((likeness, heading));
        }
    }
    best.map(|(_, heading)| heading)
        .or(titles.first())
        .or(headings.first())
        .cloned()
}

/// The pairs of neighbouring letters, sorted.
fn pairs(text: &str) -> Vec<(char, char)> {
    let letters: Vec<char> = folded(text).chars().take(200).collect();
    let mut pairs: Vec<_> = letters.windows(2).map(|pair| (pair[0], pair[1])).collect();
    pairs.sort_unstable();
    pairs
}

/// The share of pairs that two texts have in common, 0 to 1 (Dice).
fn likeness(one: &[(char, char)], other: &[(char, char)]) -> f32 {
    let (mut at, mut shared) = (0, 0);
    for pair in one {
        while at < other.len() && other[at] < *pair {
            at += 1;
        }
        if at < other.len() && other[at] == *pair {
            shared += 1;
            at += 1;
        }
    }
    2.0 * shared as f32 / (one.len() + other.len()).max(1) as f32
}

/// Letters and digits, lowercase, words by one space.
pub(crate) fn folded(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if !result.is_empty() {
            result.push(' ');
        }
        result.extend(word.chars().flat_map(char::to_lowercase));
    }
    result
}

fn is_house(title: &str, houses: &[&str]) -> bool {
    let (title, joined) = (folded(title), folded(title).replace(' ', ""));
    title.is_empty()
        || houses
            .iter()
            .any(|house| folded(house) == title || folded(house).replace(' ', "") == joined)
}

/// The title without the site's name at either end.
pub(crate) fn without_house<'t>(title: &'t str, houses: &[&str]) -> &'t str {
    let mut title = title.trim();
    for _ in 0..3 {
        let Some(shorter) = SEPARATORS.iter().find_map(|separator| {
            let is_named = |part: &str| {
                let joined = folded(part).replace(' ', "");
                !joined.is_empty()
                    && houses.iter().any(|house| {
                        let house = folded(house).replace(' ', "");
                        house == joined
                            || (house.chars().count() >= 4
                                && part.len() <= 40
                                && joined.contains(&house))
                    })
            };
            if let Some((before, after)) = title.rsplit_once(separator)
                && is_named(after)
            {
                return Some(before);
            }
            match title.split_once(separator) {
                Some((before, after)) if is_named(before) && *separator != ": " => Some(after),
                _ => None,
            }
        }) else {
            break;
        };
        if shorter.trim().is_empty() {
            break;
        }
        title = shorter.trim();
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSES: &[&str] = &["The Daily Paper", "dailypaper"];

    #[test]
    fn takes_the_sites_name_off() {
        for title in [
            "Storm hits coast | The Daily Paper",
            "Storm hits coast - DailyPaper.example",
            "The Daily Paper: x"
                .split(':')
                .next()
                .map(|_| "The Daily Paper | Storm hits coast")
                .unwrap_or(""),
            "Storm hits coast – News – The Daily Paper"
                .trim_end_matches(" – The Daily Paper")
                .trim_end_matches(" – News"),
        ] {
            assert_eq!(without_house(title, HOUSES), "Storm hits coast", "{title}");
        }
        assert_eq!(
            without_house("Storm - a chronicle", HOUSES),
            "Storm - a chronicle"
        );
    }

    #[track_caller]
    fn check(headings: &[&str], titles: &[&str], wanted: Option<&str>) {
        assert_eq!(choose(None, headings, titles, HOUSES).as_deref(), wanted);
    }

    #[test]
    fn a_sites_name_is_no_headline() {
        check(
            &["The Daily Paper"],
            &["The Daily Paper", "Storm hits coast"],
            Some("Storm hits coast"),
        );
        check(&[], &["The Daily Paper"], None);
    }

    #[test]
    fn the_heading_that_readers_saw_wins_where_a_title_confirms_it() {
        check(
            &["Weather", "Storm hits the coast again"],
            &["Storm hits coast | The Daily Paper"],
            Some("Storm hits the coast again"),
        );
        check(
            &["Weather"],
            &["Storm hits coast"],
            Some("Storm hits coast"),
        );
        check(&["Storm hits coast"], &[], Some("Storm hits coast"));
    }
}
