//! A page's bytes as text: by byte order mark, HTTP header, meta tag, UTF-8, detection.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// How far a page is searched for its meta tag. The standard says 1,024; pages with scripts in
/// front of it are common.
const META_WITHIN: usize = 8 << 10;

/// Never errs: bytes that the charset does not have become U+FFFD.
pub fn decode(bytes: Vec<u8>, content_type: Option<&str>) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        return encoding.decode_with_bom_removal(&bytes).0.into_owned();
    }
    let bytes = match String::from_utf8(bytes) {
        // Text that is valid UTF-8 is UTF-8, whatever the labels say, unless it is all ASCII bytes
        // of another kind (ISO-2022-JP, UTF-16 without a mark).
        Ok(text) if !text.is_ascii() => return text,
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let declared = content_type
        .and_then(header_charset)
        .or_else(|| meta_charset(&bytes));
    let encoding = match declared {
        // Invalid as UTF-8 in a few places is still UTF-8; in many, the label lies.
        Some(encoding) if encoding == UTF_8 && !is_nearly_utf_8(&bytes) => detected(&bytes),
        Some(encoding) => encoding,
        None => detected(&bytes),
    };
    encoding.decode_without_bom_handling(&bytes).0.into_owned()
}

fn header_charset(content_type: &str) -> Option<&'static Encoding> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        let label = value.trim().trim_matches(['"', '\'']);
        is_charset.then(|| Encoding::for_label(label.as_bytes()))?
    })
}

/// The first `charset=` inside a meta tag (or an XML declaration's `encoding=`).
fn meta_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(META_WITHIN)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let declaration = head
        .trim_start()
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"));
    let label = declaration
        .and_then(|(declaration, _)| label_after(declaration, "encoding"))
        .or_else(|| {
            head.split("<meta")
                .skip(1)
                .find_map(|rest| label_after(rest.split('>').next()?, "charset"))
        })?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // The tag was read as ASCII, so it cannot be UTF-16 (WHATWG).
    Some(match encoding {
        _ if encoding == UTF_16BE || encoding == UTF_16LE => UTF_8,
        _ if encoding == X_USER_DEFINED => WINDOWS_1252,
        _ => encoding,
    })
}

fn label_after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.match_indices(name).find_map(|(at, _)| {
        let value = text[at + name.len()..].trim_start().strip_prefix('=')?;
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        let end = value
            .find(|c: char| c.is_whitespace() || "\"';/>".contains(c))
            .unwrap_or(value.len());
        Some(&value[..end]).filter(|label| !label.is_empty())
    })
}

fn is_nearly_utf_8(bytes: &[u8]) -> bool {
    let bad = bytes
        .utf8_chunks()
        .filter(|chunk| !chunk.invalid().is_empty())
        .count();
    let foreign = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    bad * 10 <= foreign
}

fn detected(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_decoded_by_mark_header_meta_and_detection() {
        let russian = "Прошлой ночью в городе сгорел старый рынок, никто не пострадал";
        let windows_1251 = encoding_rs::WINDOWS_1251.encode(russian).0.into_owned();
        let utf_16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("naïve".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let cases: Vec<(Vec<u8>, Option<&str>, &str)> = vec![
            (
                b"\xef\xbb\xbfcaf\xc3\xa9".to_vec(),
                Some("text/html; charset=latin1"),
                "café",
            ),
            (utf_16, None, "naïve"),
            (
                b"caf\xe9".to_vec(),
                Some("text/html; Charset=\"ISO-8859-1\""),
                "café",
            ),
            ("café".into(), Some("text/html; charset=iso-8859-1"), "café"),
            (
                b"<META charset='windows-1252'>\x93x\x94".to_vec(),
                Some("text/html"),
                "<META charset='windows-1252'>\u{201c}x\u{201d}",
            ),
            (
                b"<?xml version=\"1.0\" encoding=\"latin2\"?>\xb3".to_vec(),
                None,
                "<?xml version=\"1.0\" encoding=\"latin2\"?>ł",
            ),
            (windows_1251.clone(), None, russian),
            (windows_1251, Some("text/html; charset=utf-8"), russian),
            (
                b"caf\xc3\xa9 caf\xc3\xa9 caf\xc3\xa9 caf\xc3\xa9 caf\xc3\xa9 caf\xc3\xa9 \xff"
                    .to_vec(),
                Some("text/html; charset=utf-8"),
                "café café café café café café \u{fffd}",
            ),
            (
                b"\x1b$B%K%e!<%9\x1b(B".to_vec(),
                Some("text/html; charset=iso-2022-jp"),
                "ニュース",
            ),
        ];
        for (bytes, content_type, wanted) in cases {
            assert_eq!(decode(bytes, content_type), wanted);
        }
    }
}
