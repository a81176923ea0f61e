//! What the characters of a text tell: words, sentences, marks.

/// Words, where two characters of a script without spaces count as one.
pub(crate) fn words(text: &str) -> f32 {
    if text.is_ascii() {
        return text.split_ascii_whitespace().count() as f32;
    }
    let wide = text.chars().filter(|&c| is_wide(c)).count();
    text.split_whitespace().count() as f32 + wide as f32 / 2.0
}

/// Scripts written without spaces.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

const SENTENCE_ENDS: &[char] = &[
    '.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔', '։', '።',
];
const CLOSERS: &[char] = &[
    '"', '\'', '”', '’', '“', '»', '«', ')', ']', '」', '』', '）', '*', '›', '‹', '‘',
];

/// Whether a text ends as sentences do, closing quotes aside.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(CLOSERS)
        .trim_end()
        .ends_with(SENTENCE_ENDS)
}

/// What one walk over a block's characters tells.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub sentences: f32,
    pub commas: f32,
    pub capitals: f32,
    pub letters: f32,
    pub digits: f32,
    pub prices: f32,
    pub wide: f32,
    pub marks: f32,
    pub capitalised: f32,
    pub starts_lower: bool,
    pub has_year_or_time: bool,
    pub quotes: bool,
    pub colon_end: bool,
    pub exclaims: bool,
}

impl Shape {
    pub fn of(text: &str) -> Self {
        let mut shape = Self::default();
        let mut last = ' ';
        let mut digits_run = 0;
        for c in text.chars() {
            if c.is_ascii_digit() {
                shape.digits += 1.0;
                digits_run += 1;
                shape.has_year_or_time |= last == ':';
            } else {
                shape.has_year_or_time |= digits_run == 4;
                digits_run = 0;
                match c {
                    ' ' if SENTENCE_ENDS.contains(&last) => shape.sentences += 1.0,
                    ',' | '،' | '、' | '，' => shape.commas += 1.0,
                    '|' | '•' | '·' | '»' | '›' | '→' | '/' | '▶' | '■' | '►' => {
                        shape.marks += 1.0
                    }
                    '"' | '“' | '”' | '„' | '«' | '「' => shape.quotes = true,
                    '!' => shape.exclaims = true,
                    '$' | '€' | '£' | '¥' | '₹' | '%' => shape.prices += 1.0,
                    '。' | '！' | '？' => shape.sentences += 1.0,
                    _ if c.is_alphabetic() => {
                        shape.letters += 1.0;
                        if c.is_uppercase() {
                            shape.capitals += 1.0;
                            shape.capitalised += f32::from(u8::from(last == ' '));
                        }
                        if is_wide(c) {
                            shape.wide += 1.0;
                        }
                    }
                    _ => {}
                }
            }
            last = c;
        }
        shape.has_year_or_time |= digits_run == 4;
        shape.starts_lower = text.chars().next().is_some_and(char::is_lowercase);
        shape.colon_end = text.ends_with([':', '：']);
        shape
    }
}
