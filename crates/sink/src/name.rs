use copydesk_model::Stream;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What a file's name says: `news-20261121T14-000000123.ndjson`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileName {
    /// The stream.
    pub stream: Stream,
    /// The hour in which its period began, UTC.
    pub hour: Timestamp,
    /// The `seq` of its first line: the order of a stream's files.
    pub first: u64,
}

impl FileName {
    /// The name of an open file. Nine digits, so that names sort as files follow each other for the
    /// first thousand million lines.
    pub fn to_text(self) -> String {
        let hour = self.hour.strftime("%Y%m%dT%H");
        let prefix = self.stream.file_prefix();
        format!("{prefix}-{hour}-{:09}.ndjson", self.first)
    }

    /// None where it is no output file's name. Closed and compressed files are known too.
    pub fn parse(name: &str) -> Option<Self> {
        let base = name
            .strip_suffix(".zst")
            .or_else(|| name.strip_suffix(".gz"))
            .unwrap_or(name)
            .strip_suffix(".ndjson")?;
        let mut parts = base.split('-');
        let (prefix, hour, first) = (parts.next()?, parts.next()?, parts.next()?);
        let stream = Stream::ALL
            .into_iter()
            .find(|stream| stream.file_prefix() == prefix)?;
        if parts.next().is_some() || !first.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let hour = jiff::civil::DateTime::strptime("%Y%m%dT%H%M", format!("{hour}00"))
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()?
            .timestamp();
        Some(Self {
            stream,
            hour,
            first: first.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let name = FileName {
            stream: Stream::Articles,
            hour: "2026-11-21T14:00:00Z".parse().unwrap(),
            first: 123,
        };
        assert_eq!(name.to_text(), "news-20261121T14-000000123.ndjson");
        for suffix in ["", ".zst", ".gz"] {
            let text = name.to_text() + suffix;
            assert_eq!(FileName::parse(&text), Some(name), "{text}");
        }
        for foreign in [
            "news.current",
            "news-20261121T14-000000123.ndjson.zst.tmp",
            "news-20261121T14-+1.ndjson",
            "news-20261121T14-1-2.ndjson",
            "news-2026-1.ndjson",
            "other-20261121T14-1.ndjson",
            "",
        ] {
            assert_eq!(FileName::parse(foreign), None, "{foreign}");
        }
    }
}
