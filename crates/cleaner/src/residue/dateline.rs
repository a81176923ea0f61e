//! The place, day and agency before an article's first word: "KABUL (Pajhwok) —".

mod place;

use super::agency::agency_of;
use place::{is_day, is_shouted, is_titled, without_day};

/// What stood before the story.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Dateline<'t> {
    pub place: Option<&'t str>,
    pub agency: Option<&'static str>,
    /// A name in brackets that is no agency's: the publication's.
    pub publication: Option<&'t str>,
    /// The paragraph without it.
    pub rest: &'t str,
}

/// Longest dateline: "FRANKFURT/NEW YORK, Sept. 25, 2025 (Reuters/AFP) —".
const BYTES_MAX: usize = 110;

/// Marks between a dateline and the story, longest first.
#[rustfmt::skip]
const ENDS: &[&str] = &[
    ".- ", " -- ", " — ", " – ", " - ", ") —", ") –", ") -", "— ", "– ", "： ", ": ", "：", "-- ",
    "— ", ") = ", " = ", "/. ",
];

/// The dateline that opens a paragraph; None where it opens with the story.
pub(super) fn read(paragraph: &str) -> Option<Dateline<'_>> {
    let found = first(paragraph)?;
    // "(ANSA) - ROMA, 3 MAG - …": the place follows the agency.
    if found.place.is_none()
        && let Some(next) = first(found.rest)
        && next.agency.is_none()
        && next.publication.is_none()
    {
        return Some(Dateline {
            place: next.place,
            rest: next.rest,
            ..found
        });
    }
    // "МОСКВА, 3 мая — РИА Новости. …": the agency follows the place.
    if found.agency.is_none()
        && let Some((name, rest)) = found.rest.split_once(". ")
        && let Some(agency) = agency_of(name)
    {
        return Some(Dateline {
            agency: Some(agency),
            rest,
            ..found
        });
    }
    Some(found)
}

fn first(paragraph: &str) -> Option<Dateline<'_>> {
    let text = paragraph.trim_start();
    if let Some(found) = in_brackets(text).or_else(|| chinese(text)) {
        return Some(found);
    }
    let window = &text[..text.floor_char_boundary(BYTES_MAX)];
    // "Hong Kong (CNN)The talks": the mark was lost between two elements.
    if let Some((head, rest)) = window.find(')').map(|at| text.split_at(at + 1))
        && rest.starts_with(char::is_uppercase)
        && let Some(found) = parts(head, true).filter(|found| found.agency.is_some())
    {
        return Some(Dateline { rest, ..found });
    }
    ENDS.iter()
        .filter_map(|end| {
            let at = window.find(end)?;
            // The bracket before a dash is part of the dateline.
            let head_end = if end.starts_with([')', '/']) {
                at + 1
            } else {
                at
            };
            Some((head_end, at + end.len(), !end.contains([':', '：'])))
        })
        .filter_map(|(head_end, rest_at, is_dash)| {
            let found = parts(&text[..head_end], is_dash)?;
            let rest = text[rest_at..]
                .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—'));
            let opens = rest.chars().next().is_some_and(|c| !c.is_lowercase());
            (opens && rest.split_whitespace().nth(2).is_some() || is_unspaced(rest))
                .then_some((head_end, Dateline { rest, ..found }))
        })
        .min_by_key(|(head_end, _)| *head_end)
        .map(|(_, found)| found)
}

fn is_unspaced(text: &str) -> bool {
    text.chars().take(5).all(|c| c > '\u{2e80}') && text.chars().count() > 10
}

/// Place, day and agency of a text that is nothing else.
fn parts(head: &str, is_dash: bool) -> Option<Dateline<'_>> {
    let mut found = Dateline::default();
    let head = head.trim();
    let mut place = head;
    // Brackets or slashes hold the agency, before or after the place.
    if let Some((open, close)) = brackets(head) {
        let inner = head[open..close].trim_matches(['(', ')', '[', ']', '/', '（', '）', ' ', '.']);
        found.agency = agencies(inner);
        let (before, after) = (
            head[..open].trim(),
            head[close..].trim_matches([' ', '.', '-', '–', '—', ',']),
        );
        place = if before.is_empty() { after } else { before };
        if found.agency.is_none() {
            let is_name = before.is_empty() && after.is_empty() && is_dash && is_titled(inner);
            found.publication = is_name.then_some(inner);
            return found.publication.is_some().then_some(found);
        }
        if !before.is_empty() && !after.is_empty() && !is_day(after) {
            return None;
        }
    } else if let Some(agency) = agencies(head) {
        // "AGI - ", "Reuters - ": only as written by agencies themselves.
        found.agency = Some(agency);
        return (is_dash && head.chars().any(char::is_uppercase) && !head.contains(' '))
            .then_some(found);
    }
    let place = without_day(place);
    if place.is_empty() {
        return found.agency.is_some().then_some(found);
    }
    let is_place = if found.agency.is_some() {
        is_titled(place)
    } else {
        is_shouted(place)
    };
    found.place = is_place.then_some(place);
    is_place.then_some(found)
}

fn brackets(text: &str) -> Option<(usize, usize)> {
    for (open, close) in [("(", ")"), ("[", "]"), ("（", "）"), ("/", "/")] {
        let Some(start) = text.find(open) else {
            continue;
        };
        if let Some(length) = text[start + open.len()..].find(close) {
            // A slash also joins two places.
            let end = start + open.len() + length + close.len();
            if open != "/" || agencies(&text[start + 1..end - 1]).is_some() {
                return Some((start, end));
            }
        }
    }
    None
}

/// The first agency of a list in which every name is an agency's: "dpa/AFP".
fn agencies(text: &str) -> Option<&'static str> {
    let mut names = text
        .split(['/', ',', '、'])
        .map(|name| agency_of(name.trim()));
    let first = names.next()??;
    names.all(|name| name.is_some()).then_some(first)
}

/// 【ワシントン＝共同】, [東京 3日 ロイター] -, (서울=연합뉴스) 홍길동 기자 =
fn in_brackets(text: &str) -> Option<Dateline<'_>> {
    for (open, close) in [
        ("【", "】"),
        ("[", "]"),
        ("(", ")"),
        ("（", "）"),
        ("［", "］"),
    ] {
        let Some(inner) = text.strip_prefix(open) else {
            continue;
        };
        let end = inner[..inner.floor_char_boundary(BYTES_MAX)].find(close)?;
        let (label, rest) = (&inner[..end], inner[end + close.len()..].trim_start());
        let (place, agency) = label
            .split_once(['=', '＝'])
            .or_else(|| label.rsplit_once(' ').filter(|_| open == "["))?;
        let known = agency.split(['、', ' ']).find_map(agency_of);
        // 【ワシントン＝山田太郎】 names the reporter.
        let is_reporter = open == "【" && agency.chars().count() <= 12;
        if known.is_none() && !is_reporter && !label.contains('=') {
            return None;
        }
        let place = place.split([' ', '　']).next().unwrap_or(place);
        // The Korean reporter's name comes before "=".
        let rest = match rest
            .find(" = ")
            .filter(|at| *at < 60 && rest[..*at].contains("기자"))
        {
            Some(at) => &rest[at + " = ".len()..],
            None => rest.trim_start_matches(['-', '–', '—', ' ']),
        };
        return Some(Dateline {
            place: Some(place),
            agency: known,
            publication: None,
            rest,
        });
    }
    None
}

/// 新华社北京5月3日电（记者…）
fn chinese(text: &str) -> Option<Dateline<'_>> {
    let text = text.trim_start_matches(['（', '(']);
    let (form, agency) = [
        ("新华社", "Xinhua"),
        ("新華社", "Xinhua"),
        ("法新社", "AFP"),
        ("中央社", "CNA"),
        ("路透社", "Reuters"),
        ("美联社", "AP"),
        ("共同社", "Kyodo"),
        ("韩联社", "Yonhap"),
    ]
    .into_iter()
    .find(|(form, _)| text.starts_with(form))?;
    let after = &text[form.len()..];
    let window = &after[..after.floor_char_boundary(60)];
    let wire = window.find(['电', '電'])?;
    let place = &window[..window
        .find(|c: char| c.is_numeric())
        .filter(|at| *at < wire)?];
    let mut rest = after[wire + '电'.len_utf8()..].trim_start_matches([' ', '）', ')', '　']);
    if rest.starts_with('（')
        && let Some(end) = rest.find('）').filter(|end| *end < 80)
    {
        rest = rest[end + '）'.len_utf8()..].trim_start();
    }
    Some(Dateline {
        place: (!place.is_empty()).then_some(place),
        agency: Some(agency),
        publication: None,
        rest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: &str) {
        let line = read(text).map(|found| {
            let agency = found.agency.or(found.publication).unwrap_or("-");
            format!("{} | {agency} | {}", found.place.unwrap_or("-"), found.rest)
        });
        assert_eq!(line.unwrap_or_default(), wanted, "{text}");
    }

    #[test]
    fn place_and_agency() {
        check(
            "ISLAMABAD: The talks have ended.",
            "ISLAMABAD | - | The talks have ended.",
        );
        check(
            "WASHINGTON — The talks have ended.",
            "WASHINGTON | - | The talks have ended.",
        );
        check(
            "KABUL (Pajhwok) — The talks have ended.",
            "KABUL | Pajhwok | The talks have ended.",
        );
        check(
            "LONDON, Sept. 25 (Reuters) - The talks have ended.",
            "LONDON | Reuters | The talks have ended.",
        );
        check(
            "NEW YORK (AP) — The talks have ended.",
            "NEW YORK | AP | The talks have ended.",
        );
        check(
            "SPRINGFIELD, Ill. — The talks have ended.",
            "SPRINGFIELD, Ill. | - | The talks have ended.",
        );
        check(
            "(Reuters) - The talks have ended.",
            "- | Reuters | The talks have ended.",
        );
        check(
            "(The Daily Paper) – The talks have ended.",
            "- | The Daily Paper | The talks have ended.",
        );
    }

    #[test]
    fn in_many_languages() {
        check(
            "Berlin (dpa) - Die Gespräche sind beendet.",
            "Berlin | dpa | Die Gespräche sind beendet.",
        );
        check(
            "Brüssel/Wien (APA/dpa) – Die Gespräche sind beendet.",
            "Brüssel/Wien | APA | Die Gespräche sind beendet.",
        );
        check(
            "Paris (AFP) – Les pourparlers sont finis.",
            "Paris | AFP | Les pourparlers sont finis.",
        );
        check(
            "Madrid, 3 may (EFE).- Las conversaciones han terminado.",
            "Madrid | EFE | Las conversaciones han terminado.",
        );
        check(
            "MADRID, 3 May. (EUROPA PRESS) - Las conversaciones han terminado.",
            "MADRID | Europa Press | Las conversaciones han terminado.",
        );
        check(
            "(ANSA) - ROMA, 03 MAG - I colloqui sono finiti.",
            "ROMA | ANSA | I colloqui sono finiti.",
        );
        check(
            "Lisboa, 03 mai 2025 (Lusa) – As conversas terminaram ontem.",
            "Lisboa | Lusa | As conversas terminaram ontem.",
        );
        check(
            "МОСКВА, 3 мая. /ТАСС/. Переговоры закончены без результата.",
            "МОСКВА | TASS | Переговоры закончены без результата.",
        );
        check(
            "МОСКВА, 3 мая — РИА Новости. Переговоры закончены без результата.",
            "МОСКВА | RIA Novosti | Переговоры закончены без результата.",
        );
        check(
            "ANKARA (AA) - Görüşmeler dün sona erdi.",
            "ANKARA | Anadolu | Görüşmeler dün sona erdi.",
        );
        check(
            "باريس (أ ف ب) - انتهت المحادثات أمس.",
            "باريس | AFP | انتهت المحادثات أمس.",
        );
        check(
            "नई दिल्ली, 3 मई (भाषा) - वार्ता कल समाप्त हुई।",
            "नई दिल्ली | PTI | वार्ता कल समाप्त हुई।",
        );
        check(
            "【ワシントン＝共同】協議は終わったと当局者が述べた。",
            "ワシントン | Kyodo | 協議は終わったと当局者が述べた。",
        );
        check(
            "[東京 3日 ロイター] - 協議は終わったと当局者が述べた。",
            "東京 | Reuters | 協議は終わったと当局者が述べた。",
        );
        check(
            "新华社北京5月3日电（记者某某）会谈已经结束。",
            "北京 | Xinhua | 会谈已经结束。",
        );
        check(
            "(서울=연합뉴스) 홍길동 기자 = 회담이 어제 끝났다.",
            "서울 | Yonhap | 회담이 어제 끝났다.",
        );
    }

    #[test]
    fn story_stays() {
        for story in [
            "Trump: I never said so in my life.",
            "NATO: an alliance under strain.",
            "BREAKING: The talks have ended.",
            "The talks – held in Paris – have ended.",
            "The minister (AFP) – so it said – left.",
            "Paris – the city of light – was dark last night.",
            "Question: Who won the race?",
            "QUICK SUMMARY: The talks have ended.",
            "WHERE THE PEACE TALKS STAND - The talks have ended.",
            "DIE ZEIT: Herr Low, sind Sie müde?",
            "Tehran (Iran) is far away - and so is Kabul.",
            "A ship: three masts and no captain.",
        ] {
            check(story, "");
        }
    }
}
