//! Undoes what machines did to a text on its way: entities left in, UTF-8 read as Windows-1252,
//! invisible characters, digits of another script. Most texts are whole and are not copied.

/// A mended text, and where each of its bytes stood before.
pub(crate) struct Mended {
    pub text: String,
    /// A byte of `text` and where it stood; those up to the next step follow it.
    steps: Vec<(u32, u32)>,
}

impl Mended {
    /// Turns places in `text` into places in the text as it was. They come in order.
    pub fn restore(&self, places: &mut [(u32, u32)]) {
        let mut step = 0;
        let mut restored = |place: u32| {
            while self.steps.get(step + 1).is_some_and(|next| next.0 <= place) {
                step += 1;
            }
            self.steps[step].1 + (place - self.steps[step].0)
        };
        for (start, end) in places {
            (*start, *end) = (restored(*start), restored(*end));
        }
    }
}

/// What stands in the place of some bytes, and how many they are.
type Piece = (Option<char>, usize);

/// One layer of damage undone; None where there is none.
pub(crate) fn mend(text: &str) -> Option<Mended> {
    let bytes = text.as_bytes();
    let mut out: Option<Mended> = None;
    let (mut at, mut kept, mut is_in_run) = (0, 0, false);
    while let Some(plain) = bytes[at..].iter().position(|&byte| is_suspect(byte)) {
        is_in_run &= plain == 0;
        at += plain;
        let Some((instead, length)) = piece(&text[at..], &mut is_in_run) else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        let out = out.get_or_insert_with(|| Mended {
            text: String::with_capacity(text.len()),
            steps: vec![(0, 0)],
        });
        out.text.push_str(&text[kept..at]);
        out.text.extend(instead);
        at += length;
        kept = at;
        out.steps.push((out.text.len() as u32, at as u32));
    }
    let mut out = out?;
    out.text.push_str(&text[kept..]);
    Some(out)
}

fn is_suspect(byte: u8) -> bool {
    byte == b'&' || byte >= 0xc2
}

/// What stands at the start of `rest`, if it is damaged. `is_in_run` says that a misread letter
/// stood right before it.
fn piece(rest: &str, is_in_run: &mut bool) -> Option<Piece> {
    let first = match rest.as_bytes()[0] {
        b'&' => return entity(rest),
        // Cyrillic, Hebrew, Chinese, Korean: nothing to mend.
        0xcc..=0xd8 | 0xe3..=0xee => {
            *is_in_run = false;
            return None;
        }
        _ => rest.chars().next()?,
    };
    let length = first.len_utf8();
    match first {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => Some((None, length)),
        '\u{c2}'..='\u{f4}' => misread(rest, is_in_run),
        _ => digit(first).map(|digit| (Some(digit), length)),
    }
}

/// The zero of each script that writes its figures with ten signs of its own.
const ZEROS: [u32; 16] = [
    0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0,
    0x1040, 0x17e0, 0xff10,
];

fn digit(character: char) -> Option<char> {
    let value = |zero: &u32| u32::from(character).checked_sub(*zero);
    ZEROS
        .iter()
        .filter_map(value)
        .find_map(|value| char::from_digit(value, 10))
}

/// A character whose bytes in UTF-8 were read as characters of Windows-1252.
fn misread(rest: &str, is_in_run: &mut bool) -> Option<Piece> {
    let was_in_run = std::mem::take(is_in_run);
    let (read, length) = reread(rest)?;
    match read {
        // Letters of Latin script, signs, Cyrillic, Arabic: hardly ever met by chance.
        Some('\u{a0}'..='\u{7ff}' | '\u{2000}'..='\u{226f}') | None => {}
        // "é »" of a French quotation would be Chinese. Chinese does not come alone.
        _ if was_in_run => {}
        _ => {
            let (next, _) = reread(&rest[length..])?;
            next.filter(|&next| next > '\u{7ff}')?;
        }
    }
    *is_in_run = true;
    Some((read, length))
}

fn reread(rest: &str) -> Option<Piece> {
    let mut characters = rest.chars();
    let first = windows_byte(characters.next()?)?;
    let count = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [first; 4];
    let mut length = 'Â'.len_utf8();
    for place in 1..count {
        let character = characters.next();
        let Some(byte) = character
            .and_then(windows_byte)
            .filter(|byte| (0x80..0xc0).contains(byte))
        else {
            // A closing quotation mark ends in a byte that has no character, and often goes.
            return (bytes[..place] == [0xe2, 0x80]).then_some((None, length));
        };
        bytes[place] = byte;
        length += character.map_or(0, char::len_utf8);
    }
    let read = std::str::from_utf8(&bytes[..count]).ok()?.chars().next()?;
    Some((Some(read), length))
}

/// What Windows-1252 has at 0x80 to 0x9f; where it has nothing, what Latin-1 has.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_byte(character: char) -> Option<u8> {
    let place = |it: &char| *it == character;
    match u8::try_from(character) {
        Ok(byte) => Some(byte).filter(|&byte| byte >= 0x80),
        Err(_) => Some(0x80 + WINDOWS.iter().position(place)? as u8),
    }
}

/// What names of entities end in after the letter that they stand for.
const MARKS: &[&str] = &[
    "acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "slash", "caron",
];

/// The others that news texts have.
const ENTITIES: &[(&str, Option<char>)] = &[
    ("aelig", Some('æ')),
    ("amp", Some('&')),
    ("apos", Some('\'')),
    ("bdquo", Some('„')),
    ("bull", Some('•')),
    ("cent", Some('¢')),
    ("copy", Some('©')),
    ("deg", Some('°')),
    ("euro", Some('€')),
    ("frac12", Some('½')),
    ("gt", Some('>')),
    ("hellip", Some('…')),
    ("iexcl", Some('¡')),
    ("iquest", Some('¿')),
    ("laquo", Some('«')),
    ("ldquo", Some('“')),
    ("lsaquo", Some('‹')),
    ("lsquo", Some('‘')),
    ("lt", Some('<')),
    ("mdash", Some('—')),
    ("middot", Some('·')),
    ("nbsp", Some(' ')),
    ("ndash", Some('–')),
    ("oelig", Some('œ')),
    ("ordf", Some('ª')),
    ("ordm", Some('º')),
    ("percnt", Some('%')),
    ("pound", Some('£')),
    ("quot", Some('"')),
    ("raquo", Some('»')),
    ("rdquo", Some('”')),
    ("reg", Some('®')),
    ("rsaquo", Some('›')),
    ("rsquo", Some('’')),
    ("sbquo", Some('‚')),
    ("sect", Some('§')),
    ("shy", None),
    ("szlig", Some('ß')),
    ("thinsp", Some(' ')),
    ("trade", Some('™')),
    ("yen", Some('¥')),
    ("zwj", None),
    ("zwnj", None),
];

const ENTITY_BYTES_MAX: usize = 10;

fn entity(rest: &str) -> Option<Piece> {
    let end = rest
        .bytes()
        .take(ENTITY_BYTES_MAX)
        .position(|byte| byte == b';')?;
    let (name, length) = (&rest[1..end], end + 1);
    if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(number) => u32::from_str_radix(number, 16),
            None => number.parse(),
        };
        // Numbers of Windows-1252 are read as such, as browsers do.
        let character = match number.ok()? {
            number @ 0x80..0xa0 => WINDOWS[number as usize - 0x80],
            number => char::from_u32(number)?,
        };
        return Some((Some(character), length));
    }
    let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
    if MARKS.contains(&&name[1..]) {
        return Some((Some(letter), length));
    }
    let name = name.to_ascii_lowercase();
    let found = ENTITIES.binary_search_by_key(&name.as_str(), |row| row.0);
    Some((ENTITIES[found.ok()?].1, length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mended(text: &str) -> String {
        mend(text).map_or_else(|| text.to_owned(), |mended| mended.text)
    }

    #[test]
    fn undoes_what_machines_did() {
        for (damaged, whole) in [
            ("CafÃ© in MÃ¼nchen", "Café in München"),
            ("â€œYesâ€\u{9d}, itâ€™s", "“Yes”, it’s"),
            ("â€œYesâ€, it", "“Yes, it"),
            ("Ð¼Ð¾Ñ‚", "мот"),
            ("ä¸\u{ad}å›½", "中国"),
            ("pre&shy;si\u{ad}dent", "president"),
            (
                "AT&amp;T &ldquo;caf&eacute;&#8221; &#x2019;&#146;",
                "AT&T “cafe” ’’",
            ),
            ("١٢٣٤ १२ １２", "1234 12 12"),
        ] {
            assert_eq!(mended(damaged), whole);
        }
    }

    #[test]
    fn leaves_whole_texts_alone() {
        for whole in [
            "« la liberté\u{a0}», à\u{a0}« Paris »",
            "R&D; Q&A, fish & chips; AMANHÃ – SÃO",
            "Ünïcödé “quotes” – naïve café…",
            "京都 москва ελλάδα हिन्दी",
        ] {
            assert!(mend(whole).is_none(), "{whole}");
        }
    }

    proptest! {
        #[test]
        fn places_are_of_the_text_as_it_was(text in "([a-z ]|&amp;|Ã©|\u{ad}|&#|&\\PC;|\\PC)*") {
            if let Some(mended) = mend(&text) {
                let ends = mended.text.char_indices().map(|(place, _)| place as u32);
                let mut places: Vec<(u32, u32)> = ends.map(|place| (place, place)).collect();
                mended.restore(&mut places);
                prop_assert!(places.windows(2).all(|pair| pair[0] <= pair[1]));
                prop_assert!(places.iter().all(|place| place.1 as usize <= text.len()));
            }
        }
    }
}
