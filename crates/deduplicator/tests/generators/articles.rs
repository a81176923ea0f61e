//! Articles in invented words of a script: a Zipf vocabulary, names, figures.

use super::Dice;

/// A script to invent words in.
pub struct Script {
    pub name: &'static str,
    /// Between words.
    space: &'static str,
    /// After a sentence.
    stop: &'static str,
    has_capitals: bool,
    /// Common words first.
    words: Vec<String>,
    pub names: Vec<String>,
}

/// What one syllable may be, by script.
const SCRIPTS: &[(&str, &[&str], &str, &str, bool)] = &[
    (
        "latin",
        &[
            "ba", "co", "de", "fi", "gu", "la", "mo", "ne", "pi", "ru", "sa", "te", "vo", "zi",
            "ster", "und", "al", "en",
        ],
        " ",
        ". ",
        true,
    ),
    (
        "devanagari",
        &[
            "का", "मे", "नि", "सो", "रा", "ती", "हु", "लो", "गा", "पी", "दे", "वा", "शि", "जो", "मू",
            "चा",
        ],
        " ",
        "। ",
        false,
    ),
    (
        "arabic",
        &[
            "ال", "من", "با", "تي", "سو", "را", "كا", "لم", "نو", "دي", "فا", "هي", "عا", "قو",
            "شا", "جي",
        ],
        " ",
        ". ",
        false,
    ),
    (
        "thai",
        &[
            "กา",
            "มี",
            "นะ",
            "สุ",
            "ระ",
            "ที่",
            "หา",
            "โล",
            "งา",
            "พี",
            "เด",
            "วา",
            "ชิ",
            "โจ",
            "มู",
            "จะ",
        ],
        "",
        " ",
        false,
    ),
    (
        "cyrillic",
        &[
            "ка", "ме", "ни", "со", "ра", "ты", "ву", "ло", "га", "пи", "де", "ва", "ши", "жо",
            "му", "ста", "ение", "ов",
        ],
        " ",
        ". ",
        true,
    ),
    (
        "accented",
        &[
            "bé", "co", "dè", "fi", "gü", "la", "mo", "ñe", "pi", "ru", "sa", "té", "vo", "zi",
            "stüt", "ung", "čal", "łen",
        ],
        " ",
        ". ",
        true,
    ),
];

impl Script {
    pub fn all(dice: &mut Dice) -> Vec<Script> {
        let mut scripts: Vec<Script> = SCRIPTS
            .iter()
            .map(|&(name, syllables, space, stop, has_capitals)| {
                // Two of the listed make one that is used, so that chance repeats are as rare as in a
                // real language.
                let syllables = syllables
                    .iter()
                    .flat_map(|first| {
                        syllables
                            .iter()
                            .map(move |second| format!("{first}{second}"))
                    })
                    .collect();
                Script::new(name, syllables, space, stop, has_capitals, 2, dice)
            })
            .collect();
        let han = (0..900)
            .filter_map(|step| char::from_u32(0x4e00 + step * 19))
            .map(String::from)
            .collect();
        scripts.push(Script::new("han", han, "", "。", false, 2, dice));
        scripts
    }

    fn new(
        name: &'static str,
        syllables: Vec<String>,
        space: &'static str,
        stop: &'static str,
        has_capitals: bool,
        longest: usize,
        dice: &mut Dice,
    ) -> Self {
        let mut word = || {
            let count = dice.between(1, longest);
            (0..count)
                .map(|_| dice.pick(&syllables).as_str())
                .collect::<String>()
        };
        let words = (0..6000).map(|_| word()).collect();
        let names = (0..800).map(|_| word() + &word()).collect();
        let mut script = Self {
            name,
            space,
            stop,
            has_capitals,
            words,
            names,
        };
        if has_capitals {
            script
                .names
                .iter_mut()
                .for_each(|name| *name = capital(name));
        }
        script
    }

    /// A common word most of the time.
    pub fn word<'a>(&'a self, dice: &mut Dice) -> &'a str {
        let span = 1 << dice.between(2, 12);
        &self.words[dice.below(span.min(self.words.len()))]
    }

    pub fn sentence(&self, topic: &[&str], dice: &mut Dice) -> String {
        let mut words: Vec<String> = (0..dice.between(8, 26))
            .map(|_| self.word(dice).to_owned())
            .collect();
        for _ in 0..dice.below(3) {
            let place = dice.between(1, words.len() - 1);
            words[place] = (*dice.pick(topic)).to_owned();
        }
        if dice.happens(30) {
            let place = dice.between(1, words.len() - 1);
            words[place] = dice.between(2, 9000).to_string();
        }
        self.join(&words)
    }

    pub fn join(&self, words: &[String]) -> String {
        let text = words.join(self.space);
        let text = if self.has_capitals {
            capital(&text)
        } else {
            text
        };
        text + self.stop.trim_end()
    }

    pub fn paragraph(&self, topic: &[&str], dice: &mut Dice) -> String {
        let sentences: Vec<String> = (0..dice.between(1, 4))
            .map(|_| self.sentence(topic, dice))
            .collect();
        sentences.join(if self.space.is_empty() { "" } else { " " })
    }

    /// Paragraphs of one article.
    pub fn article(&self, dice: &mut Dice) -> Vec<String> {
        let topic: Vec<&str> = (0..6).map(|_| dice.pick(&self.names).as_str()).collect();
        (0..dice.between(4, 12))
            .map(|_| self.paragraph(&topic, dice))
            .collect()
    }

    /// A form in invented words, one gap in `every` words.
    pub fn form(&self, every: usize, dice: &mut Dice) -> Vec<Vec<Option<String>>> {
        (0..dice.between(3, 5))
            .map(|_| {
                (0..dice.between(25, 45))
                    .map(|place| (place % every != every / 2).then(|| self.word(dice).to_owned()))
                    .collect()
            })
            .collect()
    }

    /// A form filled in; figures only where `has_figures`.
    pub fn fill(
        &self,
        form: &[Vec<Option<String>>],
        has_figures: bool,
        dice: &mut Dice,
    ) -> Vec<String> {
        form.iter()
            .map(|words| {
                let words: Vec<String> = words
                    .iter()
                    .map(|word| match word {
                        Some(word) => word.clone(),
                        None if has_figures && dice.happens(50) => {
                            dice.between(2, 9000).to_string()
                        }
                        None => dice.pick(&self.names).clone(),
                    })
                    .collect();
                self.join(&words)
            })
            .collect()
    }

    /// Its words, as an editor sees them.
    pub fn split(&self, paragraph: &str) -> Vec<String> {
        if !self.space.is_empty() {
            return paragraph.split(' ').map(str::to_owned).collect();
        }
        let mut out = Vec::new();
        let mut rest = paragraph;
        while !rest.is_empty() {
            // Two syllables: what a word has on average. A figure is a word.
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let syllables = rest
                .char_indices()
                .take(if self.name == "han" { 2 } else { 6 })
                .take_while(|(_, letter)| !letter.is_ascii_digit());
            let length = match digits {
                0 => syllables.map(|(at, letter)| at + letter.len_utf8()).last(),
                _ => Some(digits),
            };
            let length = length.expect("a letter or a digit");
            out.push(rest[..length].to_owned());
            rest = &rest[length..];
        }
        out
    }

    pub fn unsplit(&self, words: &[String]) -> String {
        words.join(self.space)
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
