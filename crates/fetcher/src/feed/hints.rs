//! What a feed says of its own rhythm.

use copydesk_model::FeedHints;

use super::element::Element;
use super::scope::Scope;

pub(super) fn hints(scope: &Scope<'_>, heads: &[&Element<'_>]) -> FeedHints {
    let ttl_s = scope
        .first_text(heads, "ttl")
        .and_then(|text| text.parse::<u32>().ok())
        .map(|minutes| u64::from(minutes) * 60);
    let all = |outer: &str, inner: &str| -> Vec<String> {
        let outers = heads.iter().filter(|head| head.name == outer);
        outers
            .flat_map(|head| head.elements())
            .filter(|element| element.name == inner)
            .map(|element| element.text(scope.entities).trim().to_ascii_lowercase())
            .take(24)
            .collect()
    };
    let mut skip_hours: Vec<u8> = all("skiphours", "hour")
        .iter()
        .filter_map(|text| text.parse::<u8>().ok())
        .filter(|hour| *hour <= 24)
        .map(|hour| hour % 24)
        .collect();
    skip_hours.sort_unstable();
    skip_hours.dedup();
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut skip_days: Vec<u8> = all("skipdays", "day")
        .iter()
        .filter_map(|text| days.iter().position(|day| text.starts_with(day)))
        .filter_map(|day| u8::try_from(day).ok())
        .collect();
    skip_days.sort_unstable();
    skip_days.dedup();
    FeedHints {
        interval_s: ttl_s
            .or_else(|| syndication_s(scope, heads))
            .filter(|seconds| *seconds > 0),
        skip_hours,
        skip_days,
    }
}

/// `sy:updatePeriod` over `sy:updateFrequency`; the module's defaults are daily and once.
fn syndication_s(scope: &Scope<'_>, heads: &[&Element<'_>]) -> Option<u64> {
    let period = scope.first_text(heads, "sy:updateperiod");
    let frequency = scope.first_text(heads, "sy:updatefrequency");
    if period.is_none() && frequency.is_none() {
        return None;
    }
    let period_s = match period.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("hourly") => 3_600,
        Some("daily") | None => 86_400,
        Some("weekly") => 7 * 86_400,
        Some("monthly") => 30 * 86_400,
        Some("yearly") => 365 * 86_400,
        Some(_) => return None,
    };
    let times = frequency
        .and_then(|text| text.parse::<u64>().ok())
        .unwrap_or(1);
    Some(period_s / times.max(1))
}
