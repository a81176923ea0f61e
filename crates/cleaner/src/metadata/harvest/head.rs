//! Tags that are all of a statement: `meta` and `link`.

use super::role::{Role, Strength, vocabulary};
use super::{Harvest, Mark, Open, filled};
use crate::markup::Tag;

/// More are not taken up.
const METAS_MAX: usize = 500;

/// Takes up a `meta`, in the body too.
pub(super) fn take_meta(tag: &Tag, at: usize, harvest: &mut Harvest) {
    if harvest.metas.len() >= METAS_MAX {
        return;
    }
    // Old generators write "value".
    let content = attribute_text(tag, "content").or_else(|| attribute_text(tag, "value"));
    let Some(content) = content else {
        return;
    };
    for key in ["name", "property", "itemprop", "http-equiv"] {
        let Some(name) = tag.attribute(key) else {
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        // Microdata in the body: a meta is then a mark with a place.
        if key == "itemprop"
            && let Some(role) = vocabulary(&name)
        {
            harvest.marks.push(Mark {
                role,
                strength: Strength::Vocabulary,
                text: String::new(),
                value: Some(content.clone()),
                at,
                is_aside: false,
            });
        }
        harvest.metas.push((name, content.clone()));
    }
}

/// `<meta itemprop=name>` inside of an element for the author names them.
pub(super) fn name_author(tag: &Tag, open: &mut [Open]) {
    let author = open
        .iter_mut()
        .find(|element| element.mark.role == Role::Author);
    if let Some(author) = author
        && tag.attribute("itemprop").is_some_and(|name| name == "name")
        && let Some(name) = attribute_text(tag, "content").or_else(|| attribute_text(tag, "value"))
    {
        author.mark.value.get_or_insert(name);
    }
}

/// Takes up the address that the page gives itself.
pub(super) fn take_link(tag: &Tag, harvest: &mut Harvest) {
    let is_canonical = tag
        .attribute("rel")
        .is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
    if is_canonical && harvest.canonical.is_none() {
        harvest.canonical = attribute_text(tag, "href");
    }
}

/// The value of an attribute, decoded; None where it is empty.
pub(super) fn attribute_text(tag: &Tag, name: &str) -> Option<String> {
    // Publishers often escape twice.
    tag.attribute(name).and_then(|value| filled(&value))
}
