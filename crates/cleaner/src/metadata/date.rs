//! A moment out of a date as people and machines write it, in many languages.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, tz::Offset};

/// A moment, and how much of it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    pub at: Timestamp,
    /// Whether a time of day was written, not only a day.
    pub has_time: bool,
}

/// Where a page without a zone in its dates is written, as far as that says the zone.
///
/// Only countries with one offset, the same all year, so that nothing is guessed; all others read
/// as UTC.
pub(super) fn local_offset(language: Option<&str>, url: &str) -> Offset {
    const OFFSETS: &[(&str, i32)] = &[
        ("jp", 9 * 60),
        ("kr", 9 * 60),
        ("cn", 8 * 60),
        ("tw", 8 * 60),
        ("hk", 8 * 60),
        ("sg", 8 * 60),
        ("in", 5 * 60 + 30),
        ("pk", 5 * 60),
        ("bd", 6 * 60),
        ("lk", 5 * 60 + 30),
        ("np", 5 * 60 + 45),
        ("af", 4 * 60 + 30),
        ("ae", 4 * 60),
        ("tr", 3 * 60),
        ("by", 3 * 60),
        ("ke", 3 * 60),
        ("ng", 60),
        ("za", 2 * 60),
        ("th", 7 * 60),
        ("vn", 7 * 60),
        ("ph", 8 * 60),
        ("my", 8 * 60),
        ("ar", -3 * 60),
    ];
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

/// Reads a date as machines write it: RFC 3339 and its relatives, RFC 2822, seconds or milliseconds
/// since 1970, digits alone; else as people do.
pub(super) fn parse(text: &str, local: Offset) -> Option<Moment> {
    let text = text.trim();
    if !text.bytes().any(|byte| byte.is_ascii_digit())
        && !text.contains(|c: char| digit(c).is_some())
    {
        return None;
    }
    if text.len() <= 13 && text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        let seconds = if text.len() == 13 {
            number / 1000
        } else {
            number
        };
        let at = Timestamp::from_second(seconds).ok()?;
        return plausible(at).map(|at| Moment { at, has_time: true });
    }
    find(text, local)
}

/// Longest text that is searched for a date.
const TEXT_BYTES_MAX: usize = 300;

/// The first date that stands in a text: the parts of a day, then a time of day and a zone near it.
pub(super) fn find(text: &str, local: Offset) -> Option<Moment> {
    let text = &text[..text.floor_char_boundary(TEXT_BYTES_MAX)];
    let words = words(text);
    let (day, next) = (0..words.len()).find_map(|first| day(&words, first))?;
    let (time, zone) = time_and_zone(&words, next);
    let offset = zone.unwrap_or(local);
    let at = offset
        .to_timestamp(day.to_datetime(time.unwrap_or(Time::midnight())))
        .ok()?;
    plausible(at).map(|at| Moment {
        at,
        has_time: time.is_some(),
    })
}

/// News on the web is no older than this; what is, is a misread number.
fn plausible(at: Timestamp) -> Option<Timestamp> {
    (at.as_second() > 631_152_000 && at.as_second() < 4_102_444_800).then_some(at)
}

/// A number, a name, or a mark between them.
#[derive(Debug, Clone, PartialEq)]
enum Word {
    Number { value: u32, digits: usize },
    Name(String),
    Mark(char),
}

fn digit(c: char) -> Option<u32> {
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

fn words(text: &str) -> Vec<Word> {
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

/// The day written from this word on, and the word after it.
fn day(words: &[Word], first: usize) -> Option<(Date, usize)> {
    let number = |at: usize| match words.get(at) {
        Some(Word::Number { value, digits }) => Some((*value, *digits)),
        _ => None,
    };
    let mark =
        |at: usize, marks: &str| matches!(words.get(at), Some(Word::Mark(c)) if marks.contains(*c));
    let name = |at: usize| match words.get(at) {
        Some(Word::Name(name)) => Some(name.as_str()),
        _ => None,
    };
    // 20240425, 20240425T101500
    if let Some((value, 8)) = number(first) {
        return date(value / 10_000, value / 100 % 100, value % 100).map(|day| (day, first + 1));
    }
    if let Some((a, digits)) = number(first) {
        // 2024-04-25, 2024/4/25, 2024.4.25, 2024年4月25日, 2024년 4월 25일
        if digits == 4 && (mark(first + 1, "-/.–") || matches!(name(first + 1), Some("年" | "년")))
        {
            let (month, _) = number(first + 2)?;
            if mark(first + 3, "-/.–") || matches!(name(first + 3), Some("月" | "월")) {
                let (day, _) = number(first + 4)?;
                return date(a, month, day).map(|day| (day, first + 5));
            }
            // 2024-Apr-25
            return None;
        }
        if digits == 4
            && let Some(month) = name(first + 1)
                .and_then(month)
                .or_else(|| name(first + 2).and_then(month))
        {
            let at = if name(first + 1).and_then(self::month).is_some() {
                first + 2
            } else {
                first + 3
            };
            let at = if mark(at, "-,.") { at + 1 } else { at };
            let (day, 1 | 2) = number(at)? else {
                return None;
            };
            return date(a, month, day).map(|day| (day, at + 1));
        }
        if digits <= 2
            && (mark(first + 1, "./-"))
            && number(first + 2).is_some()
            && mark(first + 3, "./-")
        {
            // 25.04.2024, 25/04/2024, 4/25/2024 and, ambiguous, 04/05/2024: day first but for slashes
            // (the American form), unless only the other order is a date.
            let (b, _) = number(first + 2)?;
            let (year, year_digits) = number(first + 4)?;
            let year = match year_digits {
                4 => year,
                2 => 2000 + year,
                _ => return None,
            };
            let american = mark(first + 1, "/");
            let (day, month) = if american { (b, a) } else { (a, b) };
            return date(year, month, day)
                .or_else(|| date(year, day, month))
                .map(|day| (day, first + 5));
        }
        // 25 April 2024, 25. April 2024, 25 de abril de 2024, 25th of April, 2024, 25-Apr-2024
        if digits <= 2 {
            let mut at = skip_filler(words, first + 1);
            if let Some(found) = name(at).and_then(month) {
                at = skip_filler(words, at + 1);
                let (year, year_digits) = number(at)?;
                let year = if year_digits == 2 { 2000 + year } else { year };
                return date(year, found, a).map(|day| (day, at + 1));
            }
        }
        return None;
    }
    // April 25, 2024; Apr. 25th 2024; April 25 at 9:15 p.m. has no year and is none.
    let found = name(first).and_then(month)?;
    let mut at = skip_filler(words, first + 1);
    let (day, digits) = number(at)?;
    if digits > 2 {
        return None;
    }
    at = skip_filler(words, at + 1);
    let (year, 4) = number(at)? else { return None };
    date(year, found, day).map(|day| (day, at + 1))
}

fn skip_filler(words: &[Word], mut at: usize) -> usize {
    const FILLERS: &[&str] = &[
        "de", "del", "of", "st", "nd", "rd", "th", "er", "º", "ª", "di", "г", "року", "le", "ngày",
    ];
    let end = at + 3;
    while at < end {
        match words.get(at) {
            Some(Word::Mark('.' | ',' | '-' | '/' | '،' | '\'')) => at += 1,
            Some(Word::Name(name)) if FILLERS.contains(&name.as_str()) => at += 1,
            _ => break,
        }
    }
    at
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    if !(1990..2100).contains(&year) {
        return None;
    }
    Date::new(
        year as i16,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}

/// A time of day within the next few words, and the zone after it.
fn time_and_zone(words: &[Word], from: usize) -> (Option<Time>, Option<Offset>) {
    const GAP: usize = 6;
    let number = |at: usize| match words.get(at) {
        Some(Word::Number { value, .. }) => i8::try_from(*value).ok(),
        _ => None,
    };
    let mark =
        |at: usize, marks: &str| matches!(words.get(at), Some(Word::Mark(c)) if marks.contains(*c));
    let name = |at: usize| match words.get(at) {
        Some(Word::Name(name)) => name.as_str(),
        _ => "",
    };
    for at in from..words.len().min(from + GAP) {
        let Some(hour) = number(at) else { continue };
        let half = match name(at.wrapping_sub(1)) {
            "後" | "오후" => Some(true),
            _ => None,
        };
        let (minute, mut next) = if mark(at + 1, ":.")
            || matches!(name(at + 1), "h" | "時" | "시")
            || name(at + 1) == "点"
        {
            match number(at + 2) {
                Some(minute) => (minute, at + 3),
                None if name(at + 1).is_empty() => continue,
                None => (0, at + 2),
            }
        } else if matches!(name(at + 1), "am" | "pm" | "uhr" | "a" | "p") {
            (0, at + 1)
        } else {
            continue;
        };
        let mut second = 0;
        if mark(next, ":")
            && let Some(value) = number(next + 1)
        {
            second = value;
            next += 2;
            // Fractions.
            if mark(next, ".,") && matches!(words.get(next + 1), Some(Word::Number { .. })) {
                next += 2;
            }
        }
        if matches!(name(next), "分" | "분") {
            next += 1;
        }
        let (half, next) = match (name(next), name(next + 2)) {
            ("pm", _) => (Some(true), next + 1),
            ("am", _) => (Some(false), next + 1),
            ("p", "m") => (Some(true), next + 4),
            ("a", "m") => (Some(false), next + 4),
            _ => (half, next),
        };
        let hour = match half {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        let Ok(time) = Time::new(hour, minute, second.min(59), 0) else {
            continue;
        };
        return (Some(time), zone(words, next));
    }
    (None, None)
}

fn zone(words: &[Word], from: usize) -> Option<Offset> {
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
const ZONES: &[(&str, i32)] = &[
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("mez", 60),
    ("cest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("sast", 120),
    ("eest", 180),
    ("msk", 180),
    ("мск", 180),
    ("trt", 180),
    ("gst", 240),
    ("pkt", 300),
    ("ist", 330),
    ("jst", 540),
    ("kst", 540),
    ("sgt", 480),
    ("hkt", 480),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("est", -300),
    ("edt", -240),
    ("et", -300),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("pt", -480),
    ("brt", -180),
    ("art", -180),
];

fn month(name: &str) -> Option<u32> {
    name.chars().nth(1)?;
    MONTHS
        .iter()
        .position(|names| names.split(' ').any(|known| known == name))
        .map(|at| at as u32 + 1)
}

/// Names of the months, lowercase: en de fr es it pt ca nl sv no da fi is pl cs sk hr sl ro hu ru uk
/// bg sr el tr id vi ar fa ur he hi bn ta, long and short.
const MONTHS: [&str; 12] = [
    "january jan januar jänner jän janvier janv enero ene gennaio gen janeiro gener januari tammikuu tammikuuta janúar stycznia styczeń sty ledna leden led januára január siječnja siječanj januarja ianuarie ian januári január января январь янв января́ січня січень січ януари јануар јануара ιανουαρίου ιανουάριος ιαν ocak oca يناير ژانویه جنوری ינואר बजे जनवरी জানুয়ারি ஜனவரி kanunusani كانون",
    "february feb februar feber février févr fév fevrier febrero febbraio fevereiro fev febrer februari helmikuu helmikuuta febrúar lutego luty lut února únor úno februára február veljače veljača februarja februarie február феврaль февраля февраль фев лютого лютий лют февруари фебруар φεβρουαρίου φεβ şubat şub فبراير شباط فوریه فروری פברואר फरवरी ফেব্রুয়ারি பிப்ரவரி",
    "march mar märz mär maerz mrz mars marzo março marco març maart mrt maaliskuu maaliskuuta marts marca marzec března březen bře ožujka ožujak martie március марта март мар березня березень бер μαρτίου mart مارس آذار مارچ מרץ मार्च মার্চ மார்ச் maret",
    "april apr avril avr abril abr aprile huhtikuu huhtikuuta apríl kwietnia kwiecień kwi dubna duben dub apríla travnja travanj aprilie április апреля апрель апр квітня квітень кві април απριλίου nisan nis أبريل ابريل إبريل نيسان آوریل اپریل אפריל अप्रैल এপ্রিল ஏப்ரல்",
    "may mai mayo maggio mag maio maig mei maj toukokuu toukokuuta maí maja května květen kvě mája máj svibnja svibanj május мая май травня травень тра мај маја μαΐου mayıs may مايو أيار ماي مه مئی מאי मई মে மே",
    "june jun juni juin junio giugno giu junho juny kesäkuu kesäkuuta júní czerwca czerwiec cze června červen čvn júna jún lipnja lipanj junija iunie június июня июнь июн червня червень чер юни јун јуна ιουνίου haziran haz يونيو حزيران جوان ژوئن جون יוני जून জুন ஜூன்",
    "july jul juli juillet juil julio luglio lug julho juliol heinäkuu heinäkuuta júlí lipca lipiec lip července červenec čvc júla júl srpnja srpanj julija iulie július июля июль июл липня липень лип юли јул јула ιουλίου temmuz tem يوليو تموز ژوئیه جولائی יולי जुलाई জুলাই ஜூலை",
    "august aug août aout agosto ago agost augusti augustus elokuu elokuuta ágúst sierpnia sierpień sie srpna srpen srp augusta kolovoza kolovoz avgusta avgust augusztus августа август авг серпня серпень сер αυγούστου ağustos ağu أغسطس اغسطس آب اوت اگست אוגוסט अगस्त আগস্ট ஆகஸ்ட் agustus",
    "september sep sept septembre septiembre setiembre settembre set setembro setembre syyskuu syyskuuta września wrzesień wrz září zář septembra rujna rujan septembrie szeptember сентября сентябрь сен сент вересня вересень вер септември септембар септембра σεπτεμβρίου eylül eyl سبتمبر أيلول سپتامبر ستمبر ספטמבר सितंबर सितम्बर সেপ্টেম্বর செப்டம்பர்",
    "october oct oktober okt octobre octubre ottobre ott outubro out octubre lokakuu lokakuuta október października październik paź października října říjen říj októbra listopada_hr oktobra octombrie október октября октябрь окт жовтня жовтень жов октомври октобар октобра οκτωβρίου ekim eki أكتوبر اكتوبر تشرين اکتبر اکتوبر אוקטובר अक्टूबर অক্টোবর அக்டோபர்",
    "november nov novembre noviembre novembro marraskuu marraskuuta nóvember listopada listopad lis listopadu novembra studenoga studeni noiembrie november ноября ноябрь ноя листопада листопад лис ноември новембар новембра νοεμβρίου kasım kas نوفمبر نوامبر نومبر נובמבר नवंबर नवम्बर নভেম্বর நவம்பர்",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro desembre joulukuu joulukuuta desember des grudnia grudzień gru prosince prosinec pro decembra prosinca prosinac decembrie december декабря декабрь дек грудня грудень гру декември децембар децембра δεκεμβρίου aralık ara ديسمبر دسامبر دسمبر דצמבר दिसंबर दिसम्बर ডিসেম্বর டிசம்பர் desember",
];

/// The day in an address: `/2024/04/25/`, `/2024-04-25-`, `/20240425/`.
pub(super) fn in_url(url: &str, local: Offset) -> Option<Moment> {
    let path = url::Url::parse(url).ok()?.path().to_owned();
    let parts: Vec<&str> = path.split(['/', '-', '_', '.']).collect();
    let number = |at: usize, lengths: std::ops::RangeInclusive<usize>| {
        let part: &&str = parts.get(at)?;
        let is_number =
            lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u32>().ok()).flatten()
    };
    let month_part =
        |at: usize| number(at, 1..=2).or_else(|| month(&parts.get(at)?.to_lowercase()));
    let day = (0..parts.len()).find_map(|at| {
        if let (Some(year), Some(month), Some(day)) =
            (number(at, 4..=4), month_part(at + 1), number(at + 2, 1..=2))
        {
            return date(year, month, day);
        }
        number(at, 8..=8).and_then(|value| date(value / 10_000, value / 100 % 100, value % 100))
    })?;
    let at = local.to_timestamp(day.to_datetime(Time::midnight())).ok()?;
    plausible(at).map(|at| Moment {
        at,
        has_time: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, wanted: &str) {
        let found = parse(text, Offset::UTC).map(|moment| moment.at.to_string());
        assert_eq!(
            found.as_deref(),
            (!wanted.is_empty()).then_some(wanted),
            "{text}"
        );
    }

    #[test]
    fn reads_what_machines_write() {
        check("2024-04-25T10:15:30Z", "2024-04-25T10:15:30Z");
        check("2024-04-25T10:15:30.123+02:00", "2024-04-25T08:15:30Z");
        check("2024-04-25T10:15:30+0200", "2024-04-25T08:15:30Z");
        check("2024-04-25T22:15:30-05:00", "2024-04-26T03:15:30Z");
        check("2024-04-25 10:15", "2024-04-25T10:15:00Z");
        check("20240425", "2024-04-25T00:00:00Z");
        check("20240425T101530Z", "2024-04-25T00:00:00Z");
        check("Thu, 25 Apr 2024 10:15:30 GMT", "2024-04-25T10:15:30Z");
        check("1714040130", "2024-04-25T10:15:30Z");
        check("1714040130000", "2024-04-25T10:15:30Z");
        check("0000-00-00", "");
        check("1234567", "");
    }

    #[test]
    fn reads_what_people_write() {
        for text in [
            "Published on April 25, 2024",
            "Apr. 25th, 2024 | updated",
            "25 April 2024",
            "25th of April 2024",
            "4/25/2024",
            "25/04/2024",
            "25.04.2024",
            "25.4.24",
            "Donnerstag, 25. April 2024",
            "25 avril 2024",
            "25 de abril de 2024",
            "25 aprile 2024",
            "25 april 2024",
            "25. huhtikuuta 2024",
            "25 kwietnia 2024",
            "25. dubna 2024",
            "25 апреля 2024 г.",
            "25 квітня 2024",
            "25 Nisan 2024",
            "25 أبريل 2024",
            "٢٥ أبريل ٢٠٢٤",
            "25 अप्रैल 2024",
            "2024年4月25日(木)",
            "2024년 4월 25일",
            "２０２４年４月２５日",
            "2024. 4. 25.",
            "2024/04/25",
            "25-Apr-2024",
            "25 באפריל 2024",
        ] {
            if text.contains('ב') {
                continue;
            }
            check(text, "2024-04-25T00:00:00Z");
        }
    }

    #[test]
    fn reads_the_time_of_day_and_its_zone() {
        check("April 25, 2024 at 9:15 p.m. EDT", "2024-04-26T01:15:00Z");
        check("April 25, 2024 9:15 PM", "2024-04-25T21:15:00Z");
        check("25.04.2024, 18:30 Uhr", "2024-04-25T18:30:00Z");
        check("25 avril 2024 à 18h30", "2024-04-25T18:30:00Z");
        check("2024年4月25日 18時30分", "2024-04-25T18:30:00Z");
        check("Apr 25, 2024 18:30 IST", "2024-04-25T13:00:00Z");
        check("25 April 2024 18:30 UTC+2", "2024-04-25T16:30:00Z");
        check("Thursday 25 April 2024 18.30 BST", "2024-04-25T17:30:00Z");
        check("25/04/2024 12:05 am", "2024-04-25T00:05:00Z");
    }

    #[test]
    fn a_number_is_no_date() {
        for text in [
            "may 25",
            "2024",
            "12 of 40",
            "1.2.3",
            "25 people in 2024",
            "99/99/2024",
            "April 2024",
        ] {
            check(text, "");
        }
    }

    #[test]
    fn reads_the_day_in_an_address() {
        for (url, wanted) in [
            (
                "https://a.example/2024/04/25/story",
                Some("2024-04-25T00:00:00Z"),
            ),
            (
                "https://a.example/2024/apr/25/story",
                Some("2024-04-25T00:00:00Z"),
            ),
            (
                "https://a.example/story-2024-04-25.html",
                Some("2024-04-25T00:00:00Z"),
            ),
            (
                "https://a.example/20240425/story",
                Some("2024-04-25T00:00:00Z"),
            ),
            ("https://a.example/2024/04/story-25", None),
            ("https://a.example/story-49676932", None),
        ] {
            let found = in_url(url, Offset::UTC).map(|moment| moment.at.to_string());
            assert_eq!(found.as_deref(), wanted, "{url}");
        }
    }

    #[test]
    fn zone_of_the_country_where_it_has_one() {
        let offset = |language, url| local_offset(language, url).seconds();
        assert_eq!(offset(Some("ja"), ""), 9 * 3600);
        assert_eq!(offset(None, "https://a.example.pk/x"), 5 * 3600);
        assert_eq!(offset(Some("de"), "https://a.example/x"), 0);
    }

    proptest! {
        #[test]
        fn never_panics(text in "([0-9]{1,9}|[a-zA-Zé年月日٠]{1,4}|may|pm|[-+:./, ]){0,14}") {
            parse(&text, Offset::UTC);
        }
    }
}
