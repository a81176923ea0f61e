//! The words of a date: numbers, names, and marks between them.

/// A number, a name, or a mark between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    Number { value: u32, digits: usize },
    Name(String),
    Mark(char),
}

/// The value of a digit of any script that dates are written in.
pub(super) fn digit(c: char) -> Option<u32> {
    let base = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '০'..='৯' => '০',
        '０'..='９' => '０',
        _ => return None,
    };
    Some(c as u32 - base as u32)
}

pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut glued = false;
    for c in text.chars() {
        if let Some(value) = digit(c) {
            match words.last_mut() {
                Some(Word::Number {
                    value: number,
                    digits,
                }) if glued => {
                    *number = number.saturating_mul(10).saturating_add(value);
                    *digits += 1;
                }
                _ => words.push(Word::Number { value, digits: 1 }),
            }
            glued = true;
        } else if c.is_alphabetic() || is_combining(c) {
            match words.last_mut() {
                Some(Word::Name(name)) if glued && !is_han(c) && !name.ends_with(is_han) => {
                    name.extend(c.to_lowercase());
                }
                _ => words.push(Word::Name(c.to_lowercase().collect())),
            }
            glued = true;
        } else {
            glued = false;
            if !c.is_whitespace() {
                words.push(Word::Mark(c));
            }
        }
    }
    words
}

/// Vowel signs of Indic scripts are no letters to Unicode.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{980}'..='\u{983}' | '\u{9bc}'..='\u{9cd}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{b80}'..='\u{bff}' | '\u{c00}'..='\u{c7f}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}
