//! Whether words before a story name a place, and the day after it.

/// The place before a day: "MADRID, 3 May.", "LONDON, Sept. 25, 2025".
pub(super) fn without_day(place: &str) -> &str {
    let place = place.trim_matches([' ', ',', '-', '–', '—']);
    match place.find([',', '،', '，', '.']) {
        Some(at) if is_after_place(&place[at..]) => place[..at].trim_end(),
        _ => place,
    }
}

/// Whether what follows the first comma or stop after a place is a day, or nothing.
fn is_after_place(text: &str) -> bool {
    let text = text.trim_start_matches([',', '،', '，', '.', ' ']);
    text.is_empty() || is_day(text)
}

pub(super) fn is_day(text: &str) -> bool {
    text.len() <= 40
        && text.chars().any(char::is_numeric)
        && text.split_whitespace().count() <= 5
        && text
            .split(|c: char| !c.is_alphanumeric())
            .all(|word| word.chars().count() <= 12)
}

/// Whether each word begins with a capital, or with a letter of a script that has none.
pub(super) fn is_titled(text: &str) -> bool {
    #[rustfmt::skip]
    const JOINTS: &[&str] = &[
        "de", "del", "la", "le", "am", "an", "der", "im", "of", "the", "sur", "di", "do", "da",
        "and", "und", "et", "y", "u.", "a.",
    ];
    let mut words = text
        .split([' ', '/', '-', ','])
        .filter(|word| !word.is_empty());
    text.split_whitespace().count() <= 6
        && text.len() <= 60
        && !text.contains(['"', '“', '?', '!', ';'])
        && words.all(|word| {
            JOINTS.contains(&word)
                || word
                    .chars()
                    .next()
                    .is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
        })
}

/// Labels in capitals that open a line and are no place.
#[rustfmt::skip]
const NO_PLACES: &[&str] = &[
    "BREAKING", "BREAKING NEWS", "UPDATE", "UPDATED", "EXCLUSIVE", "LIVE", "VIDEO", "WATCH",
    "OPINION", "ANALYSIS", "EXPLAINER", "CORRECTION", "NOTE", "WARNING", "QUESTION", "ANSWER",
    "FRAGE", "ANTWORT", "READ", "READ MORE", "RELATED", "DEVELOPING", "PHOTOS", "PHOTO",
    "FACT CHECK", "SPOILER", "REVIEW", "INTERVIEW", "EDITORIAL", "EILMELDUNG", "KOMMENTAR",
    "ВИДЕО", "ФОТО", "ОБНОВЛЕНО", "TL;DR", "STATUS", "IMPORTANT", "ADVISORY", "WINNER", "SCORE",
    "RESULT", "SUMMARY", "ABOUT", "EDITOR'S NOTE", "EDITOR’S NOTE", "URGENT", "ALERT", "SPONSORED",
    "WHAT", "WHO", "WHERE", "WHEN", "WHY", "HOW", "PUBLISHED", "TRANSCRIPT", "HEADLINE", "PODCAST",
    "GALLERY", "BACKGROUND", "CONTEXT", "FACTS", "DIE", "DER", "DAS", "UNSERE", "OUR",
];

/// Places of four letters or fewer; other short words in capitals are rather acronyms.
#[rustfmt::skip]
const SHORT_PLACES: &[&str] = &[
    "ROME", "ROMA", "OSLO", "LIMA", "BAKU", "DOHA", "KYIV", "KIEV", "KIEW", "BERN", "RIGA", "ADEN",
    "GAZA", "MALE", "SUVA", "APIA", "LOME", "PUNE", "GOA", "ULM", "KÖLN", "BONN", "GRAZ", "WIEN",
    "HOMS", "IDLIB", "ERBIL", "CALI", "LA PAZ", "NICE", "LYON", "METZ", "BARI", "PISA", "LVIV",
    "LODZ", "ŁÓDŹ", "BRNO", "LINZ", "CHUR", "GENF", "PARI", "RIO", "KOBE", "NARA", "BUSAN", "CEBU",
    "BALI", "HUE", "KANO", "JOS", "ACCRA", "DAR", "МИНСК", "КИЇВ", "КИЕВ", "УФА", "VADUZ", "LEH",
    "AGRA", "GAYA", "SWAT", "MARDAN", "MINSK", "BRNO", "OULU", "LUND", "UMEÅ", "GRAZ", "CORK",
    "BATH", "YORK", "TULSA", "RENO", "WACO", "OHIO", "IOWA", "UTAH", "U.N.",
];

/// "SALT LAKE CITY", "RIO DE JANEIRO"; headings in capitals are longer.
const PLACE_WORDS_MAX: usize = 3;

/// Whether a text is written in capitals and names a place.
pub(super) fn is_shouted(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (mut count, mut small) = (0, 0);
    for letter in letters {
        count += 1;
        small += usize::from(!letter.is_uppercase());
    }
    let first = text.split([',', '/', '(']).next().unwrap_or(text).trim();
    // "WASHINGTON, D.C.", "SPRINGFIELD, Ill.": the state after the comma may be short.
    let is_capital = small == 0
        || (first.len() < text.len()
            && first.chars().all(|c| !c.is_lowercase())
            && text.len() - first.len() <= 14);
    is_capital
        && count >= 3
        && text.len() <= 60
        && first.split_whitespace().count() <= PLACE_WORDS_MAX
        && !text.contains(|c: char| {
            c.is_numeric() || matches!(c, '"' | '“' | '«' | '?' | '!' | ';' | '(' | '&' | '#')
        })
        && !NO_PLACES.contains(&first)
        && !first
            .split_whitespace()
            .any(|word| NO_PLACES.contains(&word))
        && (first.chars().count() >= 5 || SHORT_PLACES.contains(&first))
}
