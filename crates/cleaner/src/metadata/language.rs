//! The language of an article: as declared, where its words do not say otherwise.

use super::harvest::Harvest;
use super::jsonld::Statement;

/// The language that the page declares.
pub(super) fn declared(harvest: &Harvest, said: &Statement) -> Option<String> {
    let metas = [
        "og:locale",
        "content-language",
        "dc.language",
        "inlanguage",
        "language",
    ];
    [harvest.language.as_deref(), said.language.as_deref()]
        .into_iter()
        .chain(metas.iter().map(|name| harvest.meta(name)))
        .flatten()
        .find_map(tag_of_language)
}

/// "en_US.utf8" → "en-US"; None for what is no language tag.
fn tag_of_language(text: &str) -> Option<String> {
    let text = text.split(['.', ',', ';', ' ']).next()?.replace('_', "-");
    let mut parts = text.split('-');
    let primary = parts.next().filter(|part| {
        matches!(part.len(), 2 | 3) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    })?;
    let mut tag = primary.to_ascii_lowercase();
    if let Some(region) = parts
        .next_back()
        .filter(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
    {
        tag = format!("{tag}-{}", region.to_ascii_uppercase());
    }
    (!matches!(tag.as_str(), "xx" | "und" | "en-XX")).then_some(tag)
}

/// Characters of a text from which its language is told.
const SAMPLE_BYTES: usize = 2_000;

/// The language of a text: as declared, unless the words are surely of another one (templates are
/// often left at "en"); detected where nothing is declared.
pub(crate) fn language(declared: Option<&str>, text: &str) -> Option<String> {
    if let Some(declared) = declared
        && is_confirmed(declared, text)
    {
        return Some(declared.to_owned());
    }
    let sample = &text[..text.floor_char_boundary(SAMPLE_BYTES)];
    let detected = whatlang::detect(sample).filter(|info| info.is_reliable() && sample.len() > 120);
    let Some(detected) = detected else {
        return declared.map(str::to_owned);
    };
    let code = primary_code(detected.lang());
    match declared {
        Some(declared) if declared.split('-').next() == Some(code) => Some(declared.to_owned()),
        // Norwegian has two written forms and one tag for both.
        Some(declared)
            if code == "nb" && matches!(declared.split('-').next(), Some("no" | "nn")) =>
        {
            Some(declared.to_owned())
        }
        Some(declared) if detected.confidence() < 0.95 => Some(declared.to_owned()),
        _ => Some(code.to_owned()),
    }
}

/// Languages that a page in another one would be taken for, were it not theirs: one or more of each
/// family and script.
const RIVALS: &[whatlang::Lang] = {
    use whatlang::Lang::{Ara, Bul, Deu, Eng, Fra, Hin, Ita, Mar, Nld, Pes, Pol, Por, Rus, Spa};
    use whatlang::Lang::{Srp, Swe, Ukr, Urd};
    &[
        Eng, Deu, Nld, Swe, Fra, Spa, Por, Ita, Pol, Rus, Ukr, Bul, Srp, Ara, Pes, Urd, Hin, Mar,
    ]
};

/// Characters that tell the declared language from its rivals.
const CONFIRMED_BYTES: usize = 800;

/// Whether a text is surely in the language declared. Against a few rivals that is cheap to tell;
/// asking for all languages costs more than reading the text.
fn is_confirmed(declared: &str, text: &str) -> bool {
    let primary = declared.split('-').next();
    let language = whatlang::Lang::all()
        .iter()
        .find(|language| Some(primary_code(**language)) == primary);
    let Some(language) = language else {
        return false;
    };
    let mut asked = RIVALS.to_vec();
    asked.push(*language);
    let sample = &text[..text.floor_char_boundary(CONFIRMED_BYTES)];
    sample.len() > 120
        && whatlang::Detector::with_allowlist(asked)
            .detect(sample)
            .is_some_and(|info| info.lang() == *language && info.is_reliable())
}

/// BCP 47 wants the two letters where there are two.
fn primary_code(language: whatlang::Lang) -> &'static str {
    CODES
        .iter()
        .find(|(three, _)| *three == language.code())
        .map_or(language.code(), |(_, two)| two)
}

/// Languages with three letters and with two.
#[rustfmt::skip]
const CODES: &[(&str, &str)] = &[
    ("epo", "eo"), ("eng", "en"), ("rus", "ru"), ("cmn", "zh"), ("spa", "es"), ("por", "pt"),
    ("ita", "it"), ("ben", "bn"), ("fra", "fr"), ("deu", "de"), ("ukr", "uk"), ("kat", "ka"),
    ("ara", "ar"), ("hin", "hi"), ("jpn", "ja"), ("heb", "he"), ("yid", "yi"), ("pol", "pl"),
    ("amh", "am"), ("jav", "jv"), ("kor", "ko"), ("nob", "nb"), ("dan", "da"), ("swe", "sv"),
    ("fin", "fi"), ("tur", "tr"), ("nld", "nl"), ("hun", "hu"), ("ces", "cs"), ("ell", "el"),
    ("bul", "bg"), ("bel", "be"), ("mar", "mr"), ("kan", "kn"), ("ron", "ro"), ("slv", "sl"),
    ("hrv", "hr"), ("srp", "sr"), ("mkd", "mk"), ("lit", "lt"), ("lav", "lv"), ("est", "et"),
    ("tam", "ta"), ("vie", "vi"), ("urd", "ur"), ("tha", "th"), ("guj", "gu"), ("uzb", "uz"),
    ("pan", "pa"), ("aze", "az"), ("ind", "id"), ("tel", "te"), ("pes", "fa"), ("mal", "ml"),
    ("ori", "or"), ("mya", "my"), ("nep", "ne"), ("sin", "si"), ("khm", "km"), ("tuk", "tk"),
    ("aka", "ak"), ("zul", "zu"), ("sna", "sn"), ("afr", "af"), ("lat", "la"), ("slk", "sk"),
    ("cat", "ca"), ("tgl", "tl"), ("hye", "hy"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_of_the_words_wins_over_a_wrong_declaration() {
        let german = "Der Sturm hat in der Nacht an der Küste schwere Schäden angerichtet, viele Häuser wurden zerstört, und die Feuerwehr war die ganze Zeit über im Einsatz.";
        assert_eq!(language(Some("en-US"), german).as_deref(), Some("de"));
        assert_eq!(language(Some("de-AT"), german).as_deref(), Some("de-AT"));
        assert_eq!(language(None, german).as_deref(), Some("de"));
        assert_eq!(language(None, "short").as_deref(), None);
    }
}
