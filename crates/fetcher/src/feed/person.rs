//! Names out of the ways in which feeds write a person.

/// What is longer is no name.
const NAME_BYTES_MAX: usize = 300;

/// Longer lists are spam. Entries without authors take over those of their feed, so that a long
/// list or name there would be multiplied by their number.
pub(super) const PEOPLE_MAX: usize = 20;

/// "Ann Lee" of "ann@a.example (Ann Lee)", "Ann Lee <ann@a.example>", "Ann Lee (ann@a.example)";
/// the address where there is no name; None where there is nothing.
pub(super) fn name_in(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > NAME_BYTES_MAX {
        return None;
    }
    let trimmed = |piece: &str| piece.trim().trim_matches(['"', ',', ';']).trim().to_owned();
    for (open, close) in [('(', ')'), ('<', '>'), ('[', ']')] {
        let Some((before, rest)) = text.split_once(open) else {
            continue;
        };
        let Some((inside, after)) = rest.split_once(close) else {
            continue;
        };
        let outside = trimmed(&format!("{before} {after}"));
        let inside = trimmed(inside);
        let name = match (is_address(&inside), is_address(&outside)) {
            (true, _) if outside.is_empty() => inside,
            (true, _) => outside,
            (false, true) if !inside.is_empty() => inside,
            _ => continue,
        };
        return Some(name);
    }
    let name = trimmed(text.strip_prefix("mailto:").unwrap_or(text));
    (!name.is_empty()).then_some(name)
}

/// Adds a name to a list that has it not yet and is not full.
pub(super) fn add(names: &mut Vec<String>, name: String) {
    if names.len() < PEOPLE_MAX && !names.contains(&name) {
        names.push(name);
    }
}

fn is_address(text: &str) -> bool {
    text.contains('@') && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_taken_out_of_its_address() {
        for (text, wanted) in [
            ("ann@a.example (Ann Lee)", Some("Ann Lee")),
            ("Ann Lee <ann@a.example>", Some("Ann Lee")),
            ("Ann Lee (ann@a.example)", Some("Ann Lee")),
            ("ann@a.example", Some("ann@a.example")),
            ("ann@a.example ()", Some("ann@a.example ()")),
            ("Ann Lee (Kabul)", Some("Ann Lee (Kabul)")),
            ("  ", None),
        ] {
            assert_eq!(name_in(text).as_deref(), wanted, "{text}");
        }
    }
}
