//! Small drawings in SVG: attributes only, as the content security policy lets no style through.

use crate::history::{SLOT_S, Slot};
use crate::words;
use jiff::Timestamp;
use maud::{Markup, html};

/// Bars stand on this height, in percent of the drawing; below it are the hours.
const GROUND: f64 = 86.0;
/// What happened at all can be seen.
const BAR_MIN: f64 = 1.5;

/// Articles, duplicates and failures of the day as stacked bars of ten minutes, with sums in words.
pub fn day(slots: &[Slot]) -> Markup {
    let sum = |count: fn(&Slot) -> u64| slots.iter().map(count).sum::<u64>();
    let top = slots.iter().map(all).max().unwrap_or(0).max(1);
    let step = 100.0 / slots.len().max(1) as f64;
    let (articles, duplicates, failures) = (
        sum(|slot| slot.articles),
        sum(|slot| slot.duplicates),
        sum(|slot| slot.failures),
    );
    let counts = [
        ("articles", articles),
        ("duplicates", duplicates),
        ("failures", failures),
    ];
    let told = counts
        .map(|(nouns, number)| words::some(number, nouns))
        .join(", ");
    html! {
        ul.legend {
            @for (nouns, number) in counts {
                li { span class={ "key " (nouns) } {} b { (words::count(number)) } " " (words::noun(number, nouns)) }
            }
            li.note { "bars of ten minutes, the highest " (words::count(top)) }
        }
        // Without a view box and in percent: the bars fill any width and the words keep their shape.
        svg.day role="img" aria-label=(format!("Last 24 hours: {told}")) {
            @for (place, slot) in slots.iter().enumerate() {
                @let x = place as f64 * step;
                @if is_full_hour(slot, 6) {
                    line.grid x1=(percent(x)) x2=(percent(x)) y1="0" y2=(percent(GROUND)) {}
                    // At the right edge there is no room beside the line.
                    @let is_last = x > 85.0;
                    text.hour.last[is_last] x=(percent(if is_last { x - 0.4 } else { x + 0.4 })) y="99%" { (hour(slot)) }
                }
                @if all(slot) > 0 {
                    g {
                        title { (hour(slot)) " UTC: " (words::some(slot.articles, "articles")) ", " (words::some(slot.duplicates, "duplicates")) ", " (words::some(slot.failures, "failures")) }
                        @for (class, height, below) in bars(slot, top) {
                            rect class=(class) x=(percent(x)) width=(percent(step * 0.8)) y=(percent(GROUND - below - height)) height=(percent(height)) {}
                        }
                    }
                }
            }
            line.grid x1="0" x2="100%" y1=(percent(GROUND)) y2=(percent(GROUND)) {}
        }
    }
}

fn percent(part: f64) -> String {
    format!("{part:.2}%")
}

fn all(slot: &Slot) -> u64 {
    slot.articles + slot.duplicates + slot.failures
}

/// Class, height and what is below it, from the ground up, in percent.
fn bars(slot: &Slot, top: u64) -> Vec<(&'static str, f64, f64)> {
    let parts = [
        ("articles", slot.articles),
        ("duplicates", slot.duplicates),
        ("failures", slot.failures),
    ];
    let room = GROUND - parts.len() as f64 * BAR_MIN;
    let mut below = 0.0;
    let mut bars = Vec::new();
    for (class, count) in parts.into_iter().filter(|(_, count)| *count > 0) {
        let height = (count as f64 / top as f64 * room).max(BAR_MIN);
        bars.push((class, height, below));
        below += height;
    }
    bars
}

fn is_full_hour(slot: &Slot, every: i64) -> bool {
    (slot.number * SLOT_S).rem_euclid(every * 3600) == 0
}

fn hour(slot: &Slot) -> String {
    let at = Timestamp::from_second(slot.number * SLOT_S).unwrap_or_default();
    at.strftime("%H:%M").to_string()
}

/// Entries an hour over a day as a line, for a cell of a table.
pub fn sparkline(hours: &[u32; 24]) -> Markup {
    let top = hours.iter().copied().max().unwrap_or(0);
    let points: Vec<String> = hours
        .iter()
        .enumerate()
        .map(|(hour, count)| {
            format!(
                "{},{}",
                hour * 4,
                18 - 16 * u64::from(*count) / u64::from(top.max(1))
            )
        })
        .collect();
    let told = format!("entries an hour, the most {top}, the last {}", hours[23]);
    html! {
        svg.spark viewBox="0 0 92 20" role="img" aria-label=(told) {
            title { (told) }
            polyline points=(points.join(" ")) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_inside_and_a_single_failure_can_be_seen() {
        let slot = Slot {
            number: 0,
            articles: 1000,
            duplicates: 0,
            failures: 1,
        };
        let bars = bars(&slot, all(&slot));
        assert_eq!(bars.len(), 2);
        let (_, height, below) = bars[1];
        assert!(height >= BAR_MIN && below + height <= GROUND);
    }

    #[test]
    fn sparkline_touches_the_top_at_its_highest_hour() {
        let mut hours = [0; 24];
        hours[23] = 5;
        let drawn = sparkline(&hours).into_string();
        assert!(drawn.contains("88,18 92,2\""), "{drawn}");
    }
}
