use std::collections::BTreeMap;

/// What a template may name: lists of HTML, ready to be put in as they are. A name that is not
/// there is an empty list.
pub(crate) type Values = BTreeMap<&'static str, Vec<String>>;

/// Fills in a template. `{{name}}` is the first of a list; `{{#name}}…{{/name}}` is repeated for
/// each of the list, which inside stands as `{{.}}`.
pub(crate) fn fill(template: &str, values: &Values) -> String {
    let mut page = String::with_capacity(template.len() * 2);
    fill_into(&mut page, template, values, "");
    page
}

fn fill_into(page: &mut String, mut rest: &str, values: &Values, dot: &str) {
    while let Some((before, tail)) = rest.split_once("{{") {
        page.push_str(before);
        let (name, after) = tail.split_once("}}").expect("layouts close their braces");
        rest = after;
        if let Some(name) = name.strip_prefix('#') {
            let close = format!("{{{{/{name}}}}}");
            let (inner, after) = rest.split_once(&close).expect("layouts close their blocks");
            for value in values.get(name).into_iter().flatten() {
                fill_into(page, inner, values, value);
            }
            rest = after;
        } else if name == "." {
            page.push_str(dot);
        } else if let Some(value) = values.get(name).and_then(|list| list.first()) {
            page.push_str(value);
        }
    }
    page.push_str(rest);
}

/// Safe in HTML and XML, in text and in attributes. Control characters, which XML forbids, go.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_repeat_and_absent_names_are_nothing() {
        let values = Values::from([
            ("one", vec!["1".into()]),
            ("two", vec!["a".into(), "b".into()]),
        ]);
        let template = "{{one}}{{none}}:{{#two}}<{{.}}{{one}}>{{/two}}{{#none}}x{{/none}}.";
        assert_eq!(fill(template, &values), "1:<a1><b1>.");
    }
}
