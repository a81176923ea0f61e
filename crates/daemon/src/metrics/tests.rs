use super::*;
use crate::part::Part;
use std::collections::{BTreeSet, HashMap};

fn loaded() -> (Metrics, Now) {
    let metrics = Metrics::new(false);
    for number in 0..1000 {
        let elapsed = Duration::from_millis(number);
        metrics.fetched(&format!("host-{number}.example"), Some(9), elapsed);
        metrics.settled(Outcome::Failed(
            Reason::ALL[number as usize % Reason::ALL.len()],
        ));
    }
    let now = Now {
        queues: vec![("clean", 3, 32), ("desk", 0, 256), ("writer", 0, 4)],
        feeds: vec![("ok", 900), ("failing", 100)],
        failing: vec![Part::Output],
        ..Now::default()
    };
    (metrics, now)
}

/// The rules of `promtool check metrics`, and those of Prometheus' page on naming.
#[test]
fn names_units_types_and_help_follow_the_conventions() {
    let (metrics, now) = loaded();
    let text = metrics.text(&now, false);
    let (mut helped, mut typed) = (BTreeSet::new(), HashMap::new());
    for line in text.lines() {
        if let Some((name, help)) = line
            .strip_prefix("# HELP ")
            .and_then(|rest| rest.split_once(' '))
        {
            assert!(help.len() > 5 && help.ends_with('.'), "{line}");
            assert!(helped.insert(name), "{name} twice");
        } else if let Some((name, kind)) = line
            .strip_prefix("# TYPE ")
            .and_then(|rest| rest.split_once(' '))
        {
            typed.insert(name, kind);
            assert!(
                name.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
                "{name}"
            );
            assert!(
                name.starts_with("copydesk_") || name.starts_with("process_"),
                "{name}"
            );
            assert_eq!(
                kind == "counter",
                name.ends_with("_total"),
                "{name}: {kind}"
            );
            if kind == "histogram" {
                assert!(name.ends_with("_seconds"), "{name}");
            }
            for wrong in [
                "millisecond",
                "_ms",
                "minutes",
                "kilobytes",
                "_histogram",
                "_gauge",
                "_counter",
            ] {
                assert!(!name.contains(wrong), "{name}");
            }
        } else {
            let (series, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
            let name = series.split('{').next().unwrap();
            let base = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|ending| {
                    name.strip_suffix(ending)
                        .filter(|base| typed.contains_key(base))
                })
                .unwrap_or(name);
            assert!(typed.contains_key(base) && helped.contains(base), "{line}");
        }
    }
    assert!(typed.len() > 25);
    for (name, kind) in [
        ("copydesk_fetch_duration_seconds", "histogram"),
        ("copydesk_freshness_seconds", "histogram"),
        ("copydesk_queue_depth", "gauge"),
        ("copydesk_failures_total", "counter"),
        ("copydesk_build_info", "gauge"),
        ("process_cpu_seconds_total", "counter"),
    ] {
        assert_eq!(typed.get(name), Some(&kind), "{name}");
    }
    assert!(text.contains("copydesk_trouble{part=\"output\"} 1\n"));
    assert!(text.contains("copydesk_trouble{part=\"state\"} 0\n"));
}

/// Dashboard and alerts are of no use where they ask for what is not there.
#[test]
fn dashboard_and_alerts_ask_only_for_what_there_is() {
    let (metrics, now) = loaded();
    let text = metrics.text(&now, false);
    let is_there = |name: &str| {
        let mut series = text.lines().filter(|line| !line.starts_with('#'));
        series.any(|line| line.split(['{', ' ']).next() == Some(name))
    };
    let dashboard = include_str!("../../../../deploy/grafana/dashboards/copydesk.json");
    let alerts = include_str!("../../../../deploy/alerts.yml");
    serde_json::from_str::<serde_json::Value>(dashboard).unwrap();
    let mut asked = BTreeSet::new();
    for word in [dashboard, alerts]
        .iter()
        .flat_map(|file| file.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
    {
        if word.starts_with("copydesk_") || word.starts_with("process_") {
            asked.insert(word);
        }
    }
    assert!(asked.len() > 20, "{asked:?}");
    for name in asked {
        assert!(is_there(name), "{name}");
    }
}

#[test]
fn a_thousand_hosts_add_no_series_unless_asked_for() {
    let (metrics, now) = loaded();
    let series = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count();
    let text = metrics.text(&now, false);
    assert!(series(&text) < 250, "{}", series(&text));
    assert!(!text.contains("host-"));
    assert!(metrics.text(&now, true).ends_with("# EOF\n"));

    let by_host = Metrics::new(true);
    for number in 0..HOSTS_MAX + 50 {
        by_host.fetched(&format!("host-{number}.example"), None, Duration::ZERO);
    }
    let text = by_host.text(&now, false);
    assert!(text.contains("result=\"failed\",host=\"other\"} 50\n"));
    assert!(series(&text) < HOSTS_MAX + 300);
}

#[test]
fn every_series_with_a_closed_list_stands_at_zero_before_its_first_event() {
    let text = Metrics::new(false).text(&Now::default(), false);
    for series in [
        "copydesk_polls_total{outcome=\"failed\"} 0",
        "copydesk_settled_total{outcome=\"duplicate\"} 0",
        "copydesk_duplicates_total{kind=\"roundup\"} 0",
        "copydesk_failures_total{reason=\"timeout\"} 0",
    ] {
        assert!(text.contains(&format!("{series}\n")), "{series}");
    }
}

#[test]
fn trouble_that_is_over_is_told_of_no_part() {
    let metrics = Metrics::new(false);
    let troubled = |failing: Vec<Part>| {
        let now = Now {
            failing,
            ..Now::default()
        };
        let text = metrics.text(&now, false);
        let series = text.matches("copydesk_trouble{").count();
        assert_eq!(series, Part::ALL.len(), "each has its series at any time");
        (text.lines())
            .filter(|line| line.starts_with("copydesk_trouble{") && line.ends_with(" 1"))
            .count()
    };
    assert_eq!(troubled(vec![]), 0);
    for part in Part::ALL {
        assert_eq!(troubled(vec![part]), 1, "{}", part.name());
        assert_eq!(troubled(vec![]), 0, "{}", part.name());
    }
}
