//! The words that dates are written with.

use jiff::civil::Weekday;
use jiff::tz::{Offset, TimeZone};

/// The half of a day that a clock of twelve hours means.
#[derive(Clone, Copy)]
pub(super) enum Half {
    Morning,
    Evening,
}

pub(super) fn half(word: &str) -> Option<Half> {
    match word {
        "am" | "오전" => Some(Half::Morning),
        "pm" | "오후" => Some(Half::Evening),
        _ => None,
    }
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let stems = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = stems
        .iter()
        .zip(1i8..)
        .find(|(stem, _)| word.starts_with(*stem));
    day.and_then(|(_, number)| Weekday::from_monday_one_offset(number).ok())
}

/// The month whose longest stem begins the word, from 1.
pub(super) fn month(word: &str) -> Option<u32> {
    let stems = MONTHS.iter().zip(1..).flat_map(|(stems, month)| {
        let begins = stems.split(' ').filter(|stem| word.starts_with(stem));
        begins.map(move |stem| (stem.len(), month))
    });
    stems.max().map(|(_, month)| month)
}

/// The zone that a name in lower case means.
pub(super) fn zone(word: &str) -> Option<TimeZone> {
    if let Some((_, name)) = ZONES_BY_SEASON.iter().find(|(name, _)| *name == word) {
        return TimeZone::get(name).ok();
    }
    let (minutes, _) = ZONES
        .iter()
        .find(|(_, names)| names.split(' ').any(|name| name == word))?;
    fixed_zone(minutes * 60)
}

pub(super) fn fixed_zone(seconds: i32) -> Option<TimeZone> {
    Some(TimeZone::fixed(Offset::from_seconds(seconds).ok()?))
}

/// Words behind a time that say nothing of the zone.
pub(super) const FILLERS: &[&str] = &["uhr", "h", "hrs", "hours", "on", "at", "time"];

/// How the months begin, January first: English, German, Dutch, Nordic, French, Spanish,
/// Portuguese, Italian, Romanian, Polish, Czech, Hungarian, Turkish, Finnish, Indonesian, Greek,
/// Russian, Ukrainian.
const MONTHS: [&str; 12] = [
    "jan jän ene gen ian sty led oca tammi ιαν янв січ",
    "feb fév fev lut úno şub helmi φεβ фев лют",
    "mar mär mrt mrz maart már bře maalis μάρ μαρ мар бер",
    "apr abr avr ápr kwi dub nis huhti απρ апр кві",
    "may mai mei maj mag máj kvě touko μάι μάϊ μαΐ μαϊ μαι май мая тра",
    "jun juin giu iun jún cze červn haz kesä ιούν ιουν ιον июн чер",
    "jul juil lug iul júl lip července červenec tem heinä ιούλ ιουλ ιολ июл лип",
    "aug aoû aou ago agu agt sie srp ağu elo αύγ αυγ авг сер",
    "sep set szept wrz zář eyl syys σεπ сен вер",
    "oct okt out ott paź říj eki loka οκτ окт жов",
    "nov noi lis kas marras νοέ νοε ноя лис",
    "dec dez des déc dic gru pro ara joulu δεκ дек гру",
];

/// Minutes east of Greenwich and the names for it. A name that several zones share stands here only
/// where one of them is far commoner in feeds.
const ZONES: &[(i32, &str)] = &[
    (0, "z gmt ut utc wet"),
    (60, "cet met mez wat west bst"),
    (120, "cest mest mesz eet cat sast"),
    (180, "eest eat msk trt"),
    (240, "gst"),
    (300, "pkt"),
    (330, "ist"),
    (345, "npt"),
    (420, "ict wib"),
    (480, "awst hkt pht sgt"),
    (540, "jst kst"),
    (570, "acst"),
    (600, "aest"),
    (630, "acdt"),
    (660, "aedt"),
    (720, "nzst"),
    (780, "nzdt"),
    (-150, "ndt"),
    (-180, "adt art brt"),
    (-210, "nst"),
    (-240, "ast edt clt"),
    (-300, "est cdt"),
    (-360, "cst mdt"),
    (-420, "mst pdt"),
    (-480, "pst akdt"),
    (-540, "akst hdt"),
    (-600, "hst"),
];

/// Names without a season, whose offset hangs on the day.
const ZONES_BY_SEASON: &[(&str, &str)] = &[
    ("et", "America/New_York"),
    ("ct", "America/Chicago"),
    ("mt", "America/Denver"),
    ("pt", "America/Los_Angeles"),
    ("at", "America/Halifax"),
];
