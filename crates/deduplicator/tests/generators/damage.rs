//! What machines and hurried editors do to a copy that nobody tuned the judge on.

use super::Dice;
use super::articles::Script;
use super::edits::{Edit, own};

/// Names an article's credit and its "told Reuters" go by.
const AGENCIES: &[&str] = &["Reuters", "AFP", "AP", "dpa", "EFE", "Xinhua"];

/// Fixed lines that a site puts between paragraphs.
const ADVERTISEMENTS: &[&str] = &[
    "Read more: Five things to know this morning",
    "Advertisement",
    "Story continues below",
    "Sign up for our newsletter and never miss a story",
    "RELATED: What our readers say",
];

/// An article with names, figures, quotations, days and an agency, as newsrooms write them.
pub fn report(script: &Script, dice: &mut Dice) -> Vec<String> {
    let mut text = script.article(dice);
    text[0] = format!("{} (Reuters) - {}", script.names[dice.below(90)], text[0]);
    for (at, paragraph) in text.iter_mut().enumerate() {
        match dice.below(4) {
            0 => *paragraph = format!("“{paragraph}”"),
            1 => *paragraph += &format!(" {} Reuters.", own(script, 1, dice)[0]),
            _ if at > 0 => {
                let mut words = script.split(paragraph);
                let place = words.len() / 2;
                words.insert(place, days(script)[dice.below(7)].clone());
                *paragraph = script.unsplit(&words);
            }
            _ => {}
        }
    }
    text
}

/// Seven words that stand for the days of the week.
fn days(script: &Script) -> &[String] {
    &script.names[700..707]
}

/// By name.
pub const DAMAGES: &[(&str, Edit)] = &[
    ("names respelt", |script, text, dice| {
        let respelt: Vec<(&String, String)> = script
            .names
            .iter()
            .map(|name| (name, respell(name, dice)))
            .collect();
        each(text, |paragraph| {
            let words = script.split(paragraph).into_iter();
            let words: Vec<String> = words
                .map(|word| {
                    match respelt
                        .iter()
                        .find(|(name, _)| word.starts_with(name.as_str()))
                    {
                        Some((name, other)) => word.replacen(name.as_str(), other, 1),
                        None => word,
                    }
                })
                .collect();
            script.unsplit(&words)
        })
    }),
    ("read as Latin-1", |_, text, _| {
        each(text, |it| misread(it, false))
    }),
    ("read as Windows-1252", |_, text, _| {
        each(text, |it| misread(it, true))
    }),
    ("read so twice", |_, text, _| {
        each(text, |it| misread(&misread(it, true), true))
    }),
    ("scanned", |_, text, dice| each(text, |it| scan(it, dice))),
    ("line-end hyphens", |_, text, _| {
        each(text, |it| hyphenate(it, "-\n"))
    }),
    ("line-end hyphens in a line", |_, text, _| {
        each(text, |it| hyphenate(it, "- "))
    }),
    ("entities", |_, text, _| each(text, |it| entities(it))),
    ("capitals only", |_, text, _| {
        each(text, |it| it.to_uppercase())
    }),
    ("accents gone", |_, text, _| {
        each(text, |it| {
            it.replace(['é', 'è'], "e")
                .replace('ü', "u")
                .replace('ñ', "n")
                .replace('ł', "l")
                .replace('č', "c")
        })
    }),
    ("letters lost", |_, text, _| {
        each(text, |it| it.replace('ü', "\u{fffd}"))
    }),
    ("paragraphs twice", |_, text, _| {
        text.iter()
            .flat_map(|it| [it.clone(), it.clone()])
            .collect()
    }),
    ("all of it twice", |_, text, _| [text, text].concat()),
    ("ligatures", |_, text, _| {
        each(text, |it| {
            it.replace("fi", "ﬁ").replace("st", "ﬆ").replace("fl", "ﬂ")
        })
    }),
    ("full width", |_, text, _| {
        each(text, |it| {
            let wide = |letter: char| match letter {
                '!'..='~' => char::from_u32(u32::from(letter) + 0xfee0).expect("a full-width form"),
                _ => letter,
            };
            it.chars().map(wide).collect()
        })
    }),
    ("zero-width", |_, text, dice| {
        each(text, |it| {
            sprinkle(it, &['\u{200b}', '\u{2060}', '\u{feff}', '\u{200d}'], dice)
        })
    }),
    ("soft hyphens", |_, text, dice| {
        each(text, |it| sprinkle(it, &['\u{ad}'], dice))
    }),
    ("look-alikes", |_, text, dice| {
        each(text, |it| {
            swap(
                it,
                dice,
                20,
                &[
                    ("a", "а"),
                    ("e", "е"),
                    ("o", "о"),
                    ("p", "р"),
                    ("c", "с"),
                    ("B", "В"),
                    ("M", "М"),
                    ("с", "c"),
                    ("о", "o"),
                    ("а", "a"),
                ],
            )
        })
    }),
    ("own digits", |script, text, _| {
        let zero = if script.name == "arabic" { '٠' } else { '०' };
        each(text, |it| {
            let own = |letter: char| match letter.to_digit(10) {
                Some(value) => char::from_u32(u32::from(zero) + value).expect("a digit"),
                None => letter,
            };
            it.chars().map(own).collect()
        })
    }),
    ("sentences merged", |_, text, _| {
        each(text, |it| it.replace(". ", ", and ").replace("। ", ", "))
    }),
    ("sentences split", |_, text, dice| {
        each(text, |it| swap(it, dice, 8, &[(" ", ". ")]))
    }),
    ("paragraphs joined", |_, text, _| vec![text.join(" ")]),
    ("paragraphs glued", |_, text, _| vec![text.concat()]),
    ("quotation style", |_, text, _| {
        each(text, |it| it.replace('“', "« ").replace('”', " »"))
    }),
    ("figures in words", |script, text, _| {
        each(text, |it| match script.name {
            "latin" | "accented" => words_for_figures(it),
            _ => it.clone(),
        })
    }),
    ("units added", |_, text, _| {
        each(text, |it| {
            let mut out = String::new();
            let mut letters = it.chars().peekable();
            while let Some(letter) = letters.next() {
                out.push(letter);
                let is_next = letters.peek().is_some_and(char::is_ascii_digit);
                if letter.is_ascii_digit() && !is_next {
                    out += " (16 km)";
                }
            }
            out
        })
    }),
    ("advertisements", |_, text, dice| {
        text.iter()
            .flat_map(|it| [it.clone(), (*dice.pick(ADVERTISEMENTS)).to_owned()])
            .collect()
    }),
    ("captions", |script, text, dice| {
        let mut text = text.to_vec();
        for place in [1, text.len() / 2 + 1] {
            let caption = own(script, 1, dice).remove(0);
            text.insert(
                place,
                format!("{caption} Photo: {}", dice.pick(&script.names)),
            );
        }
        text
    }),
    ("summary in front", |script, text, _| {
        let points = text.iter().skip(1).step_by(2).take(3).map(|it| {
            let words = script.split(it);
            format!("• {}", script.unsplit(&words[..words.len().min(9)]))
        });
        points.chain(text.iter().cloned()).collect()
    }),
    ("cut with an ellipsis", |_, text, dice| {
        let text = text.join("\n\n");
        let length = text.chars().count() * dice.between(40, 70) / 100;
        let cut: String = text.chars().take(length).collect();
        vec![format!("{cut}… Read full story")]
    }),
    ("days made relative", |script, text, dice| {
        let yesterday = script.word(dice);
        each(text, |it| {
            days(script)
                .iter()
                .fold(it.to_owned(), |it, day| it.replace(day.as_str(), yesterday))
        })
    }),
    ("another lead", |script, text, dice| {
        let words = script.split(&text[0]);
        let mut lead = own(script, 2, dice).concat();
        for name in words.iter().filter(|word| script.names.contains(word)) {
            lead += &format!(" {name}");
        }
        [vec![lead], text[1..].to_vec()].concat()
    }),
    ("another agency", |_, text, dice| {
        let agency = dice.pick(&AGENCIES[1..]);
        each(text, |it| it.replace("Reuters", agency))
    }),
];

fn each(text: &[String], edit: impl FnMut(&String) -> String) -> Vec<String> {
    text.iter().map(edit).collect()
}

/// Another way to write what a name sounds like.
fn respell(name: &str, dice: &mut Dice) -> String {
    let rules: &[(&str, &str)] = &[
        ("i", "y"),
        ("o", "u"),
        ("u", "ou"),
        ("e", "i"),
        ("s", "ss"),
        ("z", "s"),
        ("c", "k"),
        ("f", "ph"),
        ("v", "w"),
        ("я", "а"),
        ("и", "ы"),
        ("о", "а"),
        ("ি", "ী"),
        ("ी", "ि"),
        ("ू", "ु"),
        ("ो", "ौ"),
        ("े", "ै"),
        ("ا", ""),
        ("و", "ؤ"),
        ("ي", "ئ"),
    ];
    // The first letter stays.
    let second = name.char_indices().nth(1).map_or(0, |(place, _)| place);
    let fitting: Vec<_> = rules
        .iter()
        .filter(|rule| name[second..].contains(rule.0))
        .collect();
    if fitting.is_empty() {
        return name.to_owned();
    }
    let (from, to) = dice.pick(&fitting);
    format!(
        "{}{}",
        &name[..second],
        name[second..].replacen(from, to, 1)
    )
}

/// UTF-8 read as Latin-1, or as Windows-1252.
fn misread(text: &str, is_windows: bool) -> String {
    const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    let windows: Vec<char> = WINDOWS.chars().collect();
    let read = |byte: u8| match byte {
        0x80..=0x9f if is_windows => windows[usize::from(byte - 0x80)],
        _ => char::from(byte),
    };
    text.bytes().map(read).collect()
}

/// One letter in fifty read wrongly.
fn scan(text: &str, dice: &mut Dice) -> String {
    const CONFUSED: &[(&str, &str)] = &[
        ("e", "c"),
        ("o", "0"),
        ("l", "1"),
        ("i", "l"),
        ("m", "rn"),
        ("u", "ii"),
        ("n", "h"),
        ("t", "f"),
        ("d", "cl"),
        ("a", "o"),
        ("r", "n"),
        ("п", "л"),
        ("о", "о"),
        ("и", "н"),
        ("а", "я"),
        ("म", "भ"),
        ("र", "ए"),
        ("ب", "ت"),
        ("ر", "ز"),
        ("ก", "ถ"),
        ("ด", "ค"),
    ];
    swap(text, dice, 2, CONFUSED)
}

/// Replaces some of what can be replaced.
fn swap(text: &str, dice: &mut Dice, percent: usize, pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let pair = pairs.iter().find(|pair| rest.starts_with(pair.0));
        match pair.filter(|_| dice.happens(percent)) {
            Some((from, to)) => {
                out += to;
                rest = &rest[from.len()..];
            }
            None => {
                out.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
    }
    out
}

/// Divides a long word about every sixty characters.
fn hyphenate(text: &str, end: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let letters = word.chars().count();
        column += letters + 1;
        let (middle, _) = word.char_indices().nth(letters / 2).unwrap_or((0, ' '));
        let is_plain = word.chars().all(char::is_alphabetic);
        if column > 60 && letters > 5 && is_plain {
            out += &format!("{}{end}{}", &word[..middle], &word[middle..]);
            column = letters - letters / 2;
        } else {
            out += word;
        }
    }
    out
}

fn entities(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '“' => "&ldquo;".to_owned(),
            '”' => "&rdquo;".to_owned(),
            'é' => "&eacute;".to_owned(),
            'ü' => "&uuml;".to_owned(),
            ' ' => " ".to_owned(),
            _ if letter.is_ascii() => letter.to_string(),
            _ => format!("&#{};", u32::from(letter)),
        })
        .collect()
}

/// Something now and then between two letters.
fn sprinkle(text: &str, signs: &[char], dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for letter in text.chars() {
        if before.is_alphanumeric() && letter.is_alphanumeric() && dice.happens(15) {
            out.push(*dice.pick(signs));
        }
        out.push(letter);
        before = letter;
    }
    out
}

fn words_for_figures(text: &str) -> String {
    const ONES: &[&str] = &[
        "",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: &[&str] = &[
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    fn spell(value: usize) -> String {
        match value {
            0..20 => ONES[value].to_owned(),
            20..100 => format!("{} {}", TENS[value / 10], ONES[value % 10]),
            _ => format!("{} hundred {}", ONES[value / 100], spell(value % 100)),
        }
    }
    text.split(' ')
        .map(|word| match word.parse() {
            Ok(value @ 0..1000) => spell(value),
            _ => word.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(" ")
}
