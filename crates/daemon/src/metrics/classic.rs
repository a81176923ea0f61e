//! Prometheus' older text format, out of OpenMetrics.

use std::collections::HashMap;
use std::fmt::Write;

/// The older format names a counter with its ending, and knows no unit, info and end.
pub fn classic(openmetrics: &str) -> String {
    let mut kinds: HashMap<&str, &str> = HashMap::new();
    for line in openmetrics.lines() {
        if let Some((name, kind)) = line
            .strip_prefix("# TYPE ")
            .and_then(|rest| rest.split_once(' '))
        {
            kinds.insert(name, kind);
        }
    }
    let mut text = String::with_capacity(openmetrics.len());
    for line in openmetrics.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some("EOF" | "UNIT"), ..) => continue,
            (Some("#"), Some(what), Some(name), Some(rest)) => {
                let (ending, rest) = match (kinds.get(name).copied(), what) {
                    (Some("counter"), _) => ("_total", rest),
                    (Some("info"), "TYPE") => ("_info", "gauge"),
                    (Some("info"), _) => ("_info", rest),
                    _ => ("", rest),
                };
                let _ = writeln!(text, "# {what} {name}{ending} {rest}");
            }
            _ => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}
