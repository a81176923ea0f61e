//! Lines that say whose copy, whose picture, whose words.

use super::agency::agency_of;

/// Words around an agency's name in a credit line, lowercase; with them and the name a line is a
/// credit, with any other word it is story.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "based", "on", "report", "reports", "with", "input", "inputs", "from", "source", "sources",
    "agency", "agencies", "by", "via", "reporting", "files", "file", "feed", "and", "the", "news",
    "wire", "wires", "service", "services", "contributed", "to", "this", "story", "courtesy",
    "copyright", "credit", "additional", "information", "material", "of", "staff", "photo", "text",
    "end", "bureau", "desk", "web", "mit", "material", "von", "der", "den", "und", "quelle",
    "quellen", "agentur", "agenturen", "nachrichtenagentur", "nach", "angaben", "dieser", "text",
    "wurde", "erstellt", "meldung", "avec", "l'", "par", "et", "la", "le", "les", "agence",
    "agences", "selon", "con", "información", "informacion", "de", "del", "la", "las", "agencia",
    "agencias", "fuente", "y", "por", "com", "informações", "da", "do", "das", "agência",
    "agências", "fonte", "e", "fonti", "di", "della", "delle", "agenzia", "agenzie", "a", "cura",
    "bron", "door", "van", "het", "met", "källa", "av", "från", "och", "kilde", "af", "fra", "og",
    "lähde", "źródło", "za", "z", "i", "na", "podstawie", "zdroj", "zdroje", "s", "использованием",
    "источник", "по", "материалам", "с", "сообщает", "джерело", "за", "матеріалами", "kaynak",
    "ve", "المصدر", "وكالات", "وكالة", "المصادر", "عن", "منبع", "इनपुट", "इनपुट्स", "के", "साथ",
    "एजेंसी", "एजेंसियों", "से", "सूत्र", "出典", "来源", "來源", "提供", "配信", "출처", "제공", "sumber",
];

/// The agency in a line that is nothing but its credit: "(With inputs from PTI)", "dpa/ab/cd".
pub(super) fn credited_agency(line: &str) -> Option<&'static str> {
    const WORDS_MAX: usize = 14;
    if line.len() > 160 {
        return None;
    }
    let words: Vec<&str> = line
        .split(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '/' | ','
                        | '('
                        | ')'
                        | '['
                        | ']'
                        | '|'
                        | ':'
                        | '：'
                        | '—'
                        | '–'
                        | ';'
                        | '+'
                        | '&'
                        | '（'
                        | '）'
                        | '"'
                        | '“'
                        | '”'
                        | '*'
                        | '='
                        | '•'
                )
        })
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(WORDS_MAX + 1)
        .collect();
    if words.is_empty() || words.len() > WORDS_MAX {
        return None;
    }
    // Initials of desk editors follow the agency with slashes and no spaces: "dpa/ab/cd".
    let is_slashed = line.contains('/') && !line.trim_matches(['(', ')', '.']).contains(' ');
    let mut agency = None;
    let mut at = 0;
    while at < words.len() {
        let named = (1..=4.min(words.len() - at)).rev().find_map(|length| {
            let found = agency_of(&words[at..at + length].join(" "))?;
            Some((found, length))
        });
        match named {
            Some((found, length)) => {
                agency = agency.or(Some(found));
                at += length;
            }
            None if FILLERS.contains(&words[at].to_lowercase().as_str()) => at += 1,
            None if is_slashed && agency.is_some() && words[at].chars().count() <= 4 => at += 1,
            None => return None,
        }
    }
    agency
}

/// The agency whose name a line opens with: "Associated Press writers …".
pub(super) fn opening_agency(line: &str) -> Option<&'static str> {
    let words: Vec<&str> = line.split_whitespace().take(4).collect();
    (1..=words.len())
        .rev()
        .find_map(|length| agency_of(&words[..length].join(" ")))
}

/// The agency in brackets or after a dash at the very end of a paragraph, and the paragraph before it.
pub(super) fn closing_agency(paragraph: &str) -> Option<(&str, &'static str)> {
    let text = paragraph.trim_end();
    let bare = text.trim_end_matches(['.', '।']);
    if let Some(inner) = bare.strip_suffix([')', ']', '）'])
        && let Some(open) = inner.rfind(['(', '[', '（'])
    {
        let credit = &inner[open..];
        let before = text[..open].trim_end();
        // A bracket inside a sentence explains a word; one after a full stop signs.
        let signs = before.ends_with([
            '.', '!', '?', '"', '”', '»', '…', '।', '。', '」', '\'', '’', ')', '“',
        ]);
        if signs && credit.len() <= 80 {
            return credited_agency(credit.trim_start_matches(['(', '[', '（']))
                .map(|agency| (before, agency));
        }
    }
    let dash = bare
        .rfind(['—', '–'])
        .or_else(|| bare.rfind(" - ").map(|at| at + 1))?;
    let (before, credit) = (
        bare[..dash].trim_end(),
        bare[dash..].trim_start_matches(['—', '–', '-', ' ']),
    );
    let signs = before.ends_with(['.', '!', '?', '"', '”', '»']);
    let is_whole_name = agency_of(credit)
        .filter(|_| credit.chars().next().is_some_and(char::is_uppercase) || credit == "dpa");
    (signs && credit.len() <= 40).then_some(())?;
    is_whole_name.map(|agency| (before, agency))
}

/// Words that announce a picture's source, lowercase.
#[rustfmt::skip]
const PICTURE: &[&str] = &[
    "photo", "photos", "photo credit", "photo by", "photo courtesy", "photograph", "photograph by",
    "photography by", "image", "images", "image credit", "image source", "image courtesy",
    "picture", "pictures", "picture credit", "pic", "credit", "credits", "file photo",
    "file image", "illustration", "representational image", "cover image", "featured image",
    "thumbnail", "foto", "fotos", "bild", "bilder", "bildquelle", "quelle bild", "symbolbild",
    "archivbild", "archivfoto", "grafik", "foto von", "crédit photo", "crédits photo", "crédit",
    "photo d'illustration", "imagen", "imágenes", "fotografía", "crédito", "foto de", "foto di",
    "immagine", "fotografia", "imagem", "foto por", "beeld", "afbeelding", "foto av", "foto af",
    "bilde", "billede", "kuva", "kuvat", "fot.", "zdjęcie", "zdj.", "фото", "фотография",
    "изображение", "зображення", "світлина", "fotoğraf", "görsel", "صورة", "الصورة", "تصوير",
    "عکس", "फोटो", "फ़ोटो", "तस्वीर", "ছবি", "写真", "画像", "撮影", "图", "图片", "图片来源", "摄影", "圖", "照片",
    "攝", "사진", "gambar", "ảnh",
];

/// What a line says of a picture.
#[derive(Debug, PartialEq)]
pub(super) enum Picture<'t> {
    /// The whole line is a credit, or a caption with its credit.
    Line { credit: &'t str },
    /// A paragraph of story that ends in a credit.
    End { before: &'t str, credit: &'t str },
}

/// Longest credit, in words: names of a photographer and two agencies.
const CREDIT_WORDS_MAX: usize = 9;
/// Longest caption with its credit, in words.
const CAPTION_WORDS_MAX: usize = 45;

/// Reads "Photo: …" lines and captions that end in a credit.
pub(super) fn picture(line: &str) -> Option<Picture<'_>> {
    let line = line.trim();
    if let Some(credit) = after_label(line) {
        let words = credit.split_whitespace().count();
        let is_sentence = credit.trim_end().ends_with('.') && words > CREDIT_WORDS_MAX;
        // What is longer describes the picture.
        let credit = if words <= CREDIT_WORDS_MAX {
            credit
        } else {
            ""
        };
        return (words <= 30 && !is_sentence).then_some(Picture::Line {
            credit: trimmed(credit),
        });
    }
    if let Some(found) = signed_picture(line) {
        return Some(found);
    }
    // The label is looked for among the last words only.
    let from = line.len().saturating_sub(120);
    let tail_at = line.ceil_char_boundary(from);
    let tail = &line[tail_at..];
    let colon = tail.rfind([':', '：'])?;
    let label_at = tail[..colon]
        .char_indices()
        .rev()
        .filter(|(at, c)| {
            !c.is_alphanumeric() && c.is_whitespace() | matches!(c, '(' | '[' | '|' | '/' | '.')
                || *at == 0
        })
        .map(|(at, c)| at + c.len_utf8())
        .take(4)
        .find(|at| after_label(&tail[*at..]).is_some_and(|_| is_capital(&tail[*at..])))?;
    let credit = after_label(&tail[label_at..])?;
    if credit.split_whitespace().count() > CREDIT_WORDS_MAX || credit.trim().is_empty() {
        return None;
    }
    let before = line[..tail_at + label_at].trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '(' | '[' | '|' | '/' | '-' | '–' | '—')
    });
    let sentences = before.matches(['.', '!', '?', '。']).count();
    let is_caption = sentences <= 2
        && before.split_whitespace().count() <= CAPTION_WORDS_MAX
        && before.matches(". ").count() == 0;
    Some(match is_caption {
        true => Picture::Line {
            credit: trimmed(credit),
        },
        false => Picture::End {
            before,
            credit: trimmed(credit),
        },
    })
}

/// Who sells pictures, lowercase: a line that ends in their name and in no full stop is a caption.
#[rustfmt::skip]
const PICTURE_HOUSES: &[&str] = &[
    "getty images", "getty", "shutterstock", "istock", "istockphoto", "alamy", "afp", "reuters",
    "epa", "ap", "ap photo", "dpa", "picture alliance", "imago", "imago images", "unsplash",
    "pixabay", "pexels", "wireimage", "corbis", "flickr", "wikimedia commons", "keystone", "apa",
    "ansa", "efe", "europa press", "anadolu", "xinhua", "pti", "ani", "bloomberg", "zuma", "sipa",
    "ritzau scanpix", "scanpix", "tt", "ntb", "lehtikuva", "belga", "anp", "depositphotos",
    "adobe stock", "ap images", "abaca", "hans lucas",
];

/// "The harbour after the storm.Ada Low/Getty Images", "The harbour (AP Photo/Ada Low)".
fn signed_picture(line: &str) -> Option<Picture<'_>> {
    if line.split_whitespace().count() > CAPTION_WORDS_MAX {
        return None;
    }
    let bare = line.trim_end_matches([')', ']']);
    let lowercase = bare.to_lowercase();
    let is_signed = PICTURE_HOUSES.iter().any(|house| {
        lowercase
            .strip_suffix(house)
            .is_some_and(|before| before.ends_with(['/', '|', '©']) || is_glued(before))
    });
    let is_wired = bare.len() < line.len() && lowercase.contains("(ap photo/");
    if !is_signed && !is_wired {
        return None;
    }
    let start = bare.rfind(['.', '(', '|', '©', '!', '?']).map_or(0, |at| {
        at + bare[at..].chars().next().map_or(1, char::len_utf8)
    });
    let credit = trimmed(&bare[start..]);
    let credit = if credit.split_whitespace().count() <= CREDIT_WORDS_MAX {
        credit
    } else {
        ""
    };
    Some(Picture::Line { credit })
}

/// Whether a sentence ends here without a space after it.
fn is_glued(before: &str) -> bool {
    before.ends_with(['.', '!', '?']) && before.len() > 20
}

fn is_capital(text: &str) -> bool {
    text.chars().next().is_some_and(|c| !c.is_lowercase())
}

/// What follows "Photo:" where the text opens so.
fn after_label(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let colon = text
        .char_indices()
        .take(24)
        .find(|(_, c)| matches!(c, ':' | '：' | '='))?;
    let label = text[..colon.0].trim().to_lowercase();
    PICTURE
        .contains(&label.as_str())
        .then(|| &text[colon.0 + colon.1.len_utf8()..])
}

fn trimmed(credit: &str) -> &str {
    credit.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | ')' | ']' | '(' | '[' | ',' | ';' | '）')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agency_in_credit_lines() {
        for (line, agency) in [
            ("Based On ANI Report", "ANI"),
            ("(With inputs from PTI)", "PTI"),
            ("(AFP)", "AFP"),
            ("— Reuters", "Reuters"),
            ("dpa/ab/cd", "dpa"),
            ("With files from The Canadian Press", "CP"),
            ("Quelle: dpa", "dpa"),
            ("(avec AFP)", "AFP"),
            ("Con información de EFE", "EFE"),
            ("Fonte: ANSA", "ANSA"),
            ("Bron: ANP", "ANP"),
            ("/ritzau/", "Ritzau"),
            ("Källa: TT", "TT"),
            ("Источник: ТАСС", "TASS"),
            ("Джерело: Укрінформ", "Ukrinform"),
            ("Kaynak: AA", "Anadolu"),
            ("المصدر: رويترز", "Reuters"),
            ("इनपुट: भाषा", "PTI"),
            ("来源：新华社", "Xinhua"),
            ("출처: 연합뉴스", "Yonhap"),
            ("The Associated Press contributed to this report.", "AP"),
            ("AFP, dpa", "AFP"),
        ] {
            assert_eq!(credited_agency(line), Some(agency), "{line}");
        }
        for story in [
            "Reuters reported the strike on Monday.",
            "The AP building was hit",
            "Ada Low",
            "",
            "told Al Jazeera",
        ] {
            assert_eq!(credited_agency(story), None, "{story}");
        }
    }

    #[test]
    fn agency_at_the_end_of_a_paragraph() {
        for (paragraph, agency) in [
            ("They left on Monday. (AFP)", "AFP"),
            ("“We left.” — Reuters", "Reuters"),
            ("Sie gingen. (dpa)", "dpa"),
            ("वे चले गए। (भाषा)", "PTI"),
        ] {
            assert_eq!(
                closing_agency(paragraph).map(|(_, agency)| agency),
                Some(agency),
                "{paragraph}"
            );
        }
        for story in [
            "He runs the Press Trust of India (PTI)",
            "The agency (AFP) said so.",
            "They left on Monday.",
        ] {
            assert_eq!(closing_agency(story), None, "{story}");
        }
    }

    #[test]
    fn pictures() {
        let credit = |line| match picture(line) {
            Some(Picture::Line { credit }) => Some(credit),
            _ => None,
        };
        for line in [
            "Photo: paper.example",
            "Foto: paper.example",
            "写真：paper.example",
            "صورة: paper.example",
            "The harbour after the storm. Image: paper.example.",
            "The harbour (Photo: paper.example)",
        ] {
            assert_eq!(credit(line), Some("paper.example"), "{line}");
        }
        for (line, wanted) in [
            (
                "The harbour after the storm.Ada Low/Getty Images",
                "Ada Low/Getty Images",
            ),
            (
                "The harbour after the storm. (AP Photo/Ada Low)",
                "AP Photo/Ada Low",
            ),
            ("Ships in the harbour after the storm.Reuters", "Reuters"),
        ] {
            assert_eq!(credit(line), Some(wanted), "{line}");
        }
        assert_eq!(credit("They sold it to Getty"), None);
        assert_eq!(
            picture("They left on Monday. They came back on Tuesday. Photo: AFP"),
            Some(Picture::End {
                before: "They left on Monday. They came back on Tuesday.",
                credit: "AFP"
            })
        );
        for story in [
            "The picture: three ships and no captain, said the man who had seen it all from the tower of the old church by the sea.",
            "He told of a photo: it showed a ship",
            "Image matters.",
        ] {
            assert_eq!(credit(story), None, "{story}");
        }
    }
}
