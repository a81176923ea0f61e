//! Character references in text, read as html5ever reads them.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::memchr2;

/// The text with its references replaced and without null characters; `buffer` is reused.
pub(crate) fn decoded<'t>(text: &'t str, buffer: &'t mut String) -> &'t str {
    let Some(first) = memchr2(b'&', 0, text.as_bytes()) else {
        return text;
    };
    buffer.clear();
    let mut rest = text;
    let mut next = Some(first);
    while let Some(at) = next {
        buffer.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match rest.as_bytes()[0] {
            0 => 1,
            _ => reference(rest, buffer),
        };
        rest = &rest[length..];
        next = memchr2(b'&', 0, rest.as_bytes());
    }
    buffer.push_str(rest);
    buffer
}

/// Writes what the text begins with and says how many bytes that took up: a lone `&` one.
fn reference(text: &str, out: &mut String) -> usize {
    let read = match text.as_bytes().get(1) {
        Some(b'#') => number(text, out),
        _ => name(text, out),
    };
    read.unwrap_or_else(|| {
        out.push('&');
        1
    })
}

fn number(text: &str, out: &mut String) -> Option<usize> {
    let bytes = text.as_bytes();
    let (radix, start) = match bytes.get(2)? {
        b'x' | b'X' => (16, 3),
        _ => (10, 2),
    };
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let digits = bytes[start..].iter().take_while(is_digit).count();
    if digits == 0 {
        return None;
    }
    let end = start + digits;
    // What overflows is beyond all characters, too.
    let code = u32::from_str_radix(&text[start..end], radix).unwrap_or(u32::MAX);
    let replaced = code
        .checked_sub(0x80)
        .and_then(|at| *C1_REPLACEMENTS.get(at as usize)?);
    let character = replaced
        .or_else(|| char::from_u32(code).filter(|c| *c != '\0'))
        .unwrap_or('\u{fffd}');
    out.push(character);
    Some(end + usize::from(bytes.get(end) == Some(&b';')))
}

/// No name is longer.
const NAME_BYTES_MAX: usize = 32;

/// The longest name that is one: `&notit;` is `¬it;`, since some old names need no semicolon.
fn name(text: &str, out: &mut String) -> Option<usize> {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric();
    let bytes = &text.as_bytes()[1..];
    let length = bytes
        .iter()
        .take(NAME_BYTES_MAX)
        .take_while(|byte| is_letter(byte))
        .count();
    let whole = (bytes.get(length) == Some(&b';')).then_some(length + 1);
    // No name without a semicolon is longer than six letters.
    let shorter = (2..=length.min(6)).rev();
    for length in whole.into_iter().chain(shorter) {
        if let Some((first, second)) = NAMED_ENTITIES.get(&text[1..1 + length])
            && *first != 0
        {
            let codes = [*first, *second].into_iter().filter(|code| *code != 0);
            out.extend(codes.filter_map(char::from_u32));
            return Some(1 + length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the parser makes of a text.
    fn parsed(text: &str) -> String {
        let page = scraper::Html::parse_document(&format!("<body><i></i>{text}"));
        page.root_element().text().collect()
    }

    #[track_caller]
    fn check(text: &str) {
        assert_eq!(decoded(text, &mut String::new()), parsed(text), "{text}");
    }

    #[test]
    fn references_are_read_as_the_parser_reads_them() {
        for text in [
            "a &amp; b &lt;p&gt; &quot;&apos;",
            "&nbsp;&shy;&hellip;&NotEqualTilde;&fjlig;",
            "&ampx &ltx &copy2025 &notit; &notin; &noti",
            "&#8217;&#x2019;&#X41;&#146;&#0;&#xd800;&#1114112;&#99999999999;&#65x&#x;&#;&#",
            "& &; &x; &unknown; &abcdefghijklmnopqrstuvwxyzabcdefghijklmnop;",
            "&&&amp;&amp",
            "nul\0l",
        ] {
            check(text);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_the_parser_reads_it(
            text in "(&|#|x|;|[0-9a-f]|amp|lt|not|nbsp|copy|é| |uml){0,12}"
        ) {
            check(&text);
        }
    }
}
