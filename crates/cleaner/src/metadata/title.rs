//! The article's headline out of the titles of its page.

/// What stands between a headline and a site's name.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " • ", " · ", " » ", " « ", " :: ", " : ", "｜", " / ", " ~ ", "|",
    " › ", ": ",
];

/// The headline: the first candidate that another one confirms, else the first. Candidates come in
/// order of trust; houses are names of the site.
pub(super) fn choose(
    candidates: &[&str],
    heading: Option<&str>,
    houses: &[&str],
) -> Option<String> {
    let mut cleaned = candidates
        .iter()
        .map(|title| without_house(title, houses))
        .filter(|title| !is_house(title, houses));
    let first = cleaned.next()?;
    // A page's own heading is what its reader saw: where the metadata only adds to it or cuts it
    // off, the heading is the headline.
    if let Some(heading) = heading.map(|heading| without_house(heading, houses))
        && !is_house(heading, houses)
    {
        let (ours, theirs) = (folded(first), folded(heading));
        let is_cut = first.trim_end().ends_with(['…']) || first.trim_end().ends_with("...");
        if ours == theirs || (is_cut && theirs.starts_with(ours.trim_end())) {
            return Some(heading.to_owned());
        }
    }
    Some(first.to_owned())
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

    #[test]
    fn a_sites_name_is_no_headline() {
        assert_eq!(
            choose(&["The Daily Paper", "Storm hits coast"], None, HOUSES).as_deref(),
            Some("Storm hits coast")
        );
        assert_eq!(choose(&["The Daily Paper"], None, HOUSES), None);
    }

    #[test]
    fn the_heading_completes_a_title_cut_off() {
        assert_eq!(
            choose(&["Storm hits…"], Some("Storm hits coast again"), HOUSES).as_deref(),
            Some("Storm hits coast again")
        );
    }
}
