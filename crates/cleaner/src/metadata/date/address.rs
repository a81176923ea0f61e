//! The day in an address.

use jiff::civil::Time;
use jiff::tz::Offset;

use super::day::date;
use super::months::month;
use super::{Moment, plausible};

/// The day that an address names: `/2024/04/25/`, `/2024-04-25-`, `/20240425/`.
pub(crate) fn in_url(url: &str, local: Offset) -> Option<Moment> {
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
}
