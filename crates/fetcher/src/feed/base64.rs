//! Base 64, in which Atom has texts of odd types.

/// Text from base 64 with any white space in it; None where it is no text.
pub(super) fn base64(text: &str) -> Option<String> {
    let (mut bits, mut count, mut bytes) = (0u32, 0u32, Vec::new());
    for char in text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
    {
        let value = match char {
            b'A'..=b'Z' => char - b'A',
            b'a'..=b'z' => char - b'a' + 26,
            b'0'..=b'9' => char - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let is_text = !text.contains(|char: char| char.is_control() && !char.is_whitespace());
    is_text.then_some(text)
}
