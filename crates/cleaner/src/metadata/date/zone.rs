//! The zone of a date: as written, or that of the country where the page is at home.

use jiff::tz::Offset;

use super::words::Word;

/// Where a page without a zone in its dates is written, as far as that says the zone.
///
/// Only countries with one offset, the same all year, so that nothing is guessed; all others read
/// as UTC.
pub(crate) fn local_offset(language: Option<&str>, url: &str) -> Offset {
    let host = url::Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    let country = host.as_deref().and_then(|host| host.rsplit('.').next());
    // Japanese is written for readers in Japan.
    let country = match language {
        Some(language) if language.starts_with("ja") => Some("jp"),
        _ => country,
    };
    let minutes = OFFSETS
        .iter()
        .find(|(name, _)| Some(*name) == country)
        .map_or(0, |(_, minutes)| *minutes);
    Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC)
}

/// Countries with one offset, the same all year, in minutes east of Greenwich.
#[rustfmt::skip]
const OFFSETS: &[(&str, i32)] = &[
    ("jp", 9 * 60), ("kr", 9 * 60), ("cn", 8 * 60), ("tw", 8 * 60), ("hk", 8 * 60), ("sg", 8 * 60),
    ("in", 5 * 60 + 30), ("pk", 5 * 60), ("bd", 6 * 60), ("lk", 5 * 60 + 30), ("np", 5 * 60 + 45),
    ("af", 4 * 60 + 30), ("ae", 4 * 60), ("tr", 3 * 60), ("by", 3 * 60), ("ke", 3 * 60), ("ng", 60),
    ("za", 2 * 60), ("th", 7 * 60), ("vn", 7 * 60), ("ph", 8 * 60), ("my", 8 * 60), ("ar", -3 * 60),
];

/// The zone within the next few words.
pub(super) fn zone(words: &[Word], from: usize) -> Option<Offset> {
    for at in from..words.len().min(from + 3) {
        match &words[at] {
            Word::Name(name) => {
                if let Some((_, minutes)) = ZONES.iter().find(|(zone, _)| zone == name) {
                    // UTC+2, GMT+0530: the offset follows.
                    let own = signed_offset(words, at + 1);
                    return own.or_else(|| Offset::from_seconds(minutes * 60).ok());
                }
            }
            Word::Mark('+' | '-' | '−' | '–') if at <= from + 1 => {
                if let Some(offset) = signed_offset(words, at) {
                    return Some(offset);
                }
            }
            Word::Number { .. } => return None,
            Word::Mark(_) => {}
        }
    }
    None
}

fn signed_offset(words: &[Word], at: usize) -> Option<Offset> {
    let sign = match words.get(at)? {
        Word::Mark('+') => 1,
        Word::Mark('-' | '−' | '–') => -1,
        _ => return None,
    };
    let (hours, minutes) = match words.get(at + 1)? {
        Word::Number {
            value,
            digits: 3 | 4,
        } => (value / 100, value % 100),
        Word::Number {
            value,
            digits: 1 | 2,
        } => match (words.get(at + 2), words.get(at + 3)) {
            (Some(Word::Mark(':')), Some(Word::Number { value: minutes, .. })) => {
                (*value, *minutes)
            }
            _ => (*value, 0),
        },
        _ => return None,
    };
    if hours > 14 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60) as i32).ok()
}

/// Zones by the letters that news pages print, in minutes east of Greenwich. Letters that stand for
/// several zones take the one that prints them most (IST: India, CST: Chicago, BST: London).
#[rustfmt::skip]
const ZONES: &[(&str, i32)] = &[
    ("z", 0), ("utc", 0), ("gmt", 0), ("wet", 0), ("bst", 60), ("west", 60), ("cet", 60),
    ("mez", 60), ("cest", 120), ("mesz", 120), ("eet", 120), ("sast", 120), ("eest", 180),
    ("msk", 180), ("мск", 180), ("trt", 180), ("gst", 240), ("pkt", 300), ("ist", 330),
    ("jst", 540), ("kst", 540), ("sgt", 480), ("hkt", 480), ("aest", 600), ("aedt", 660),
    ("nzst", 720), ("nzdt", 780), ("est", -300), ("edt", -240), ("et", -300), ("cst", -360),
    ("cdt", -300), ("mst", -420), ("mdt", -360), ("pst", -480), ("pdt", -420), ("pt", -480),
    ("brt", -180), ("art", -180),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zone_of_the_country_where_it_has_one() {
        let offset = |language, url| local_offset(language, url).seconds();
        assert_eq!(offset(Some("ja"), ""), 9 * 3600);
        assert_eq!(offset(None, "https://a.example.pk/x"), 5 * 3600);
        assert_eq!(offset(Some("de"), "https://a.example/x"), 0);
    }
}
