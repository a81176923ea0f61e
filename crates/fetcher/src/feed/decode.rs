//! Bytes to text: what a feed says of its own charset is often wrong.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The document as text, without byte order mark and XML declaration, and what had to be mended.
pub(super) fn decode(
    bytes: &[u8],
    content_type: Option<&str>,
    repaired: &mut Vec<String>,
) -> String {
    let text = decode_bytes(bytes, content_type, repaired);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // The declaration names the charset of the bytes, which are gone.
    let text = match text.strip_prefix("<?xml") {
        Some(rest) => rest.split_once('>').map_or(rest, |(_, after)| after),
        None => text,
    };
    text.to_owned()
}

fn decode_bytes(bytes: &[u8], content_type: Option<&str>, repaired: &mut Vec<String>) -> String {
    if let Some(text) = decode_wide(bytes) {
        return text;
    }
    let utf8 = std::str::from_utf8(bytes);
    let declared = [content_type.and_then(http_charset), prolog_charset(bytes)];
    let labels: Vec<&str> = declared.into_iter().flatten().collect();
    for label in &labels {
        let Some(encoding) = encoding_of(label) else {
            repaired.push(format!("unknown charset {label}"));
            continue;
        };
        // Text that happens to be valid UTF-8 almost never is anything else, whatever a server's
        // default says. Of all-ASCII bytes only ISO-2022-JP makes something else.
        if let Ok(text) = utf8
            && !bytes.is_ascii()
        {
            if encoding != UTF_8 {
                repaired.push(format!("charset {label} was declared, but it is utf-8"));
            }
            return text.to_owned();
        }
        let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
        if !has_errors {
            return text.into_owned();
        }
        repaired.push(format!("not valid in the declared charset {label}"));
    }
    if let Ok(text) = utf8 {
        return text.to_owned();
    }
    guess(bytes, labels.is_empty(), repaired)
}

/// UTF-8 with a few broken bytes stays UTF-8; else what the bytes look like.
fn guess(bytes: &[u8], is_undeclared: bool, repaired: &mut Vec<String>) -> String {
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.matches('\u{fffd}').count();
    let sound = lossy.chars().filter(|char| !char.is_ascii()).count() - broken;
    if sound > 4 * broken {
        repaired.push(format!("{broken} bytes that are not utf-8"));
        return lossy.into_owned();
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    if is_undeclared {
        repaired.push("undeclared charset".into());
    }
    repaired.push(format!("read as {}", encoding.name().to_lowercase()));
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// UTF-16 and UTF-32, known by their marks or by the zeros around the first `<` or `{`.
fn decode_wide(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes)
        && !bytes.starts_with(b"\xff\xfe\0\0")
    {
        return Some(
            encoding
                .decode_without_bom_handling(&bytes[length..])
                .0
                .into_owned(),
        );
    }
    match bytes.get(..4)? {
        [0xff, 0xfe, 0, 0] | [b'<' | b'{', 0, 0, 0] => {
            Some(decode_utf32(bytes, u32::from_le_bytes))
        }
        [0, 0, 0xfe, 0xff] | [0, 0, 0, b'<' | b'{'] => {
            Some(decode_utf32(bytes, u32::from_be_bytes))
        }
        [b'<' | b'{', 0, _, 0] => Some(UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()),
        [0, b'<' | b'{', 0, _] => Some(UTF_16BE.decode_without_bom_handling(bytes).0.into_owned()),
        _ => None,
    }
}

fn decode_utf32(bytes: &[u8], from_bytes: fn([u8; 4]) -> u32) -> String {
    bytes
        .as_chunks()
        .0
        .iter()
        .map(|chunk| char::from_u32(from_bytes(*chunk)).unwrap_or('\u{fffd}'))
        .collect()
}

fn encoding_of(label: &str) -> Option<&'static Encoding> {
    let dashed = label.replace('_', "-");
    let encoding = [label, &dashed, &dashed.replace('-', "")]
        .into_iter()
        .find_map(|name| Encoding::for_label(name.as_bytes()))?;
    // Bytes that carry an ASCII declaration are not UTF-16, whatever it says.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else {
        encoding
    })
}

fn http_charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// The `encoding` of the XML declaration, which some feeds have after comments or blank lines.
fn prolog_charset(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(1024)];
    let start = head.windows(5).position(|window| window == b"<?xml")?;
    let end = start + head[start..].iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(&head[start..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|char| matches!(char, '"' | '\''))?;
    value[1..].split(quote).next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], content_type: Option<&str>, wanted: &str) {
        assert_eq!(decode(bytes, content_type, &mut Vec::new()), wanted);
    }

    #[test]
    fn declared_charsets_are_read() {
        check(
            b"<a>caf\xe9</a>",
            Some("text/xml; charset=iso-8859-1"),
            "<a>café</a>",
        );
        check(
            b"<?xml version='1.0' encoding='koi8-r'?><a>\xce\xc5\xd4</a>",
            None,
            "<a>нет</a>",
        );
        check(
            b"<?xml version='1.0' encoding='utf-8'?><a>\xce\xc5\xd4</a>",
            Some("text/xml; charset=\"koi8-r\""),
            "<a>нет</a>",
        );
        check(
            b"<?xml version='1.0' encoding='latin_1'?><a>\xe9</a>",
            None,
            "<a>é</a>",
        );
    }

    #[test]
    fn utf8_wins_over_a_wrong_declaration() {
        check(
            "<a>naïve</a>".as_bytes(),
            Some("text/xml; charset=iso-8859-1"),
            "<a>naïve</a>",
        );
        check(
            "<a>中文</a>".as_bytes(),
            Some("text/xml; charset=gbk"),
            "<a>中文</a>",
        );
        check(
            "<?xml version='1.0' encoding='utf-16'?><a>ï</a>".as_bytes(),
            None,
            "<a>ï</a>",
        );
        check(
            "<?xml version='1.0' encoding='no-such'?><a>ï</a>".as_bytes(),
            None,
            "<a>ï</a>",
        );
    }

    #[test]
    fn one_broken_byte_does_not_change_the_charset() {
        check(
            b"<a>\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9 \xff</a>",
            None,
            "<a>äöüßé \u{fffd}</a>",
        );
    }

    #[test]
    fn wide_charsets_are_read_with_and_without_mark() {
        let text = "<a>ü</a>";
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let big: Vec<u8> = utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let little: Vec<u8> = utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let wide: Vec<u8> = text
            .chars()
            .flat_map(|char| (char as u32).to_be_bytes())
            .collect();
        for bytes in [&big, &little, &wide] {
            check(bytes, None, text);
        }
        check(&[b"\xfe\xff".as_slice(), &big].concat(), None, text);
        check(&[b"\xff\xfe".as_slice(), &little].concat(), None, text);
        check(&[b"\0\0\xfe\xff".as_slice(), &wide].concat(), None, text);
        check(
            &[b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat(),
            None,
            text,
        );
    }
}
