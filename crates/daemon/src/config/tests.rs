use super::*;

const COMPLETE: &str = include_str!("../../../../config/copydesk.toml");

fn problems(text: &str) -> Vec<String> {
    Config::parse("c.toml", text)
        .map(|_| Vec::new())
        .unwrap_or_else(|found| found.iter().map(ToString::to_string).collect())
}

#[test]
fn documented_defaults_are_the_defaults() {
    let read = Config::parse("copydesk.toml", COMPLETE).unwrap();
    let feeds = read.feeds.clone();
    assert_eq!(
        read,
        Config {
            feeds,
            settings: read.settings.clone(),
            ..Config::default()
        }
    );
}

#[test]
fn configuration_of_the_service_writes_where_the_unit_lets_it() {
    let unit = include_str!("../../../../deploy/copydesk.service");
    let folder = unit
        .lines()
        .find_map(|line| line.strip_prefix("StateDirectory="));
    let folder = std::path::Path::new("/var/lib").join(folder.unwrap());
    let text = include_str!("../../../../deploy/service.toml");
    let config = Config::parse("service.toml", text).unwrap();
    assert_eq!(config.output.files.directory, folder.join("out"));
    assert_eq!(config.state.store.directory, folder.join("state"));
}

#[test]
fn every_key_is_documented() {
    // A misspelt key in each table makes the reader list what it knows.
    for section in [
        "output", "state", "fetch", "clean", "dedup", "status", "traces", "feed", "site",
    ] {
        let header = match section {
            "feed" => "[[feed]]\nurl = \"https://a.example/\"\n".into(),
            "site" => "[[site]]\nhosts = [\"a.example\"]\n".into(),
            _ => format!("[{section}]\n"),
        };
        let found = problems(&format!("{header}qqqqqqqqqqqqqqqq = 1"));
        let known = found
            .iter()
            .find_map(|line| line.split_once("known keys: "))
            .unwrap()
            .1;
        for key in known.split(", ") {
            assert!(
                COMPLETE.lines().any(|line| line
                    .trim_start_matches("# ")
                    .starts_with(&format!("{key} ="))),
                "{section}.{key} is not in config/copydesk.toml"
            );
        }
    }
}

#[test]
fn five_mistakes_are_named_at_once() {
    let found = problems(
        "[output]\ndirectry = \"x\"\n[fetch]\ntimeout = \"soon\"\nfeed_bytes_max = 5\nrobots = \"yes\"\n[[feed]]\nurl = \"ftp://a.example/\"\n",
    );
    assert_eq!(
        found,
        [
            "c.toml:2: output.directry: unknown key; did you mean directory?",
            "c.toml:4: fetch.timeout: expected a duration above zero, found \"soon\"; write for example timeout = \"10m\" (ms, s, m, h, d)",
            "c.toml:5: fetch.feed_bytes_max: expected a size above zero, found 5; write for example feed_bytes_max = \"8MiB\" (B, KiB, MiB, GiB)",
            "c.toml:6: fetch.robots: expected true or false, found \"yes\"; write for example robots = true",
            "c.toml:8: feed.url: scheme ftp is not polled; use http or https",
        ]
    );
}

#[test]
fn site_rules_are_read_and_a_bad_selector_named_with_its_line() {
    let text = "[[feed]]\nurl = \"https://a.example/\"\n[[site]]\nhosts = [\"a.example\"]\nbody = [\"div.story\", \"article\"]\ndate = [\"time@datetime\"]\nreplace = [[\"<x>\", \"<p>\"]]\n";
    let site = &Config::parse("c.toml", text).unwrap().clean.cleaner.sites[0];
    assert_eq!((site.body.len(), site.date.len()), (2, 1));
    assert_eq!(site.replace, [("<x>".to_owned(), "<p>".to_owned())]);
    let found = problems(
        "[[feed]]\nurl = \"https://a.example/\"\n[[site]]\nbody = [\n  \"div\",\n  \"div[[\",\n]\n",
    );
    assert_eq!(found.len(), 2);
    assert!(
        found[0].starts_with("c.toml:3: site.hosts: missing"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("c.toml:6: site.body: \"div[[\""),
        "{found:?}"
    );
}

#[test]
fn mistake_is_marked_in_its_line_unless_that_may_hold_a_credential() {
    let marked = |text: &str| Config::parse("c.toml", text).unwrap_err()[0].marked();
    let feed = "[[feed]]\nurl = \"https://a.example/\"\n";
    assert_eq!(
        marked(&format!("[fetch]\ntimeout = \"soon\"\n{feed}")),
        "c.toml:2: fetch.timeout: expected a duration above zero, found \"soon\"; write for example timeout = \"10m\" (ms, s, m, h, d)\n   |\n 2 | timeout = \"soon\"\n   |           ^^^^^^\n"
    );
    for line in [
        "auth = \"s3cret\"",
        "proxy = 5 # s3cret",
        "url = \"ftp://u:s3cret@a/\"",
    ] {
        assert!(
            !marked(&format!("[[feed]]\n{line}\n")).contains("s3cret"),
            "{line}"
        );
    }
}

#[test]
fn a_feed_with_a_url_is_enough() {
    let config = Config::parse("c.toml", "[[feed]]\nurl = \"https://a.example/feed\"").unwrap();
    assert_eq!(config.feeds.len(), 1);
    assert_eq!(problems("").len(), 1);
    assert_eq!(problems("[[feed]]\n").len(), 1);
    assert!(!problems("[[feed]\nurl = ").is_empty());
}

#[test]
fn every_configuration_that_is_shipped_can_be_read() {
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config")).unwrap() {
        let path = file.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            assert_eq!(
                Config::load(&path).map(|_| ()),
                Ok(()),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn backfill_is_all_a_count_or_an_age() {
    for (text, wanted) in [
        ("\"all\"", Backfill::All),
        ("0", Backfill::Count(0)),
        ("20", Backfill::Count(20)),
        ("\"2d\"", Backfill::Age(Duration::from_secs(172_800))),
    ] {
        let text = format!(
            "[fetch]\nbackfill = {text}\n[[feed]]\nurl = \"https://a.example/\"\nbackfill = {text}"
        );
        let config = Config::parse("c.toml", &text).unwrap();
        assert_eq!(
            (config.fetch.backfill, config.feeds[0].backfill),
            (wanted, Some(wanted))
        );
    }
    assert_eq!(
        problems("[[feed]]\nurl = \"https://a.example/\"\nbackfill = \"some\"").len(),
        1
    );
}

#[test]
fn feeds_that_differ_in_their_credentials_have_names_of_their_own() {
    let tables =
        ["a", "b"].map(|key| format!("[[feed]]\nurl = \"https://a.example/?key={key}\"\n"));
    let config = Config::parse("c.toml", &tables.concat()).unwrap();
    let names: Vec<String> = config.feeds.iter().map(|feed| feed.name()).collect();
    assert_eq!(
        names,
        ["https://a.example/?key=***", "https://a.example/?key=***#2"]
    );
}

#[test]
fn secrets_come_from_environment_or_file_and_are_never_shown() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "s3cret\n").unwrap();
    let text = format!(
        "[[feed]]\nurl = \"https://user:s3cret@a.example/feed\"\ncookies = {{ file = {:?} }}\nheaders = {{ X-Key = \"s3cret\" }}\nauth = {{ bearer = {{ env = \"PATH\" }} }}\n",
        file.path()
    );
    let config = Config::parse("c.toml", &text).unwrap();
    assert_eq!(
        config.feeds[0].cookies.as_ref().map(Secret::expose),
        Some("s3cret")
    );
    assert!(!format!("{config:?}").contains("s3cret"));
    for (key, wanted) in [
        (
            "cookies = { env = \"NOT_SET\" }",
            "a variable that is not set",
        ),
        (
            "auth = { bearer = { env = \"NOT_SET\" } }",
            "that is not set",
        ),
        (
            "headers = { A = { file = \"/nowhere\" } }",
            "a file that cannot be read (No such file",
        ),
        ("cookies = 5", "found integer"),
        ("proxy = { file = 5 }", "found table"),
    ] {
        let found = problems(&format!("[[feed]]\nurl = \"https://a.example/\"\n{key}"));
        assert!(found[0].contains(wanted), "{key}: {found:?}");
    }
    let shown = problems("[status]\ntoken = 5551234\n[[feed]]\nurl = \"https://a.example/\"\n");
    assert!(!shown[0].contains("5551234"), "{shown:?}");
}

#[test]
fn page_that_others_can_reach_wants_a_token() {
    let feed = "[[feed]]\nurl = \"https://a.example/\"\n";
    let open = "[status]\nlisten = \"0.0.0.0:8323\"\n";
    let found = problems(&format!("{open}{feed}"));
    assert!(
        found[0].contains("status.listen: others than this machine"),
        "{found:?}"
    );
    assert!(problems(&format!("{open}token = \"t0ken\"\n{feed}")).is_empty());
    assert!(problems(&format!("[status]\nlisten = \"off\"\n{feed}")).is_empty());
    assert!(problems(&format!("[status]\nlisten = \"[::1]:1\"\n{feed}")).is_empty());
}

#[test]
#[cfg(not(feature = "opentelemetry"))]
fn traces_are_refused_where_they_were_not_built_in() {
    let traces = "[traces]\nendpoint = \"http://127.0.0.1:4318/v1/traces\"\nsample_share = 2";
    let found = problems(&format!(
        "{traces}\n[[feed]]\nurl = \"https://a.example/\"\n"
    ));
    assert_eq!(
        found,
        [
            "c.toml:2: traces.endpoint: this copydesk was built without traces; build it with --features opentelemetry, or remove [traces]",
            "c.toml:3: traces.sample_share: expected a share from 0 to 1, found 2; write for example sample_share = 0.1",
        ]
    );
}

#[test]
fn settings_that_differ_are_named_whether_or_not_they_are_written() {
    let feed = "[[feed]]\nurl = \"https://a.example/\"\n";
    let read = |text: &str| {
        Config::parse("c.toml", &format!("{text}{feed}"))
            .unwrap()
            .settings
    };
    let (default, written) = (read(""), read("[fetch]\ntimeout = \"30s\"\n"));
    assert_eq!(default.differing(&written), [""; 0]);
    let other = read("[fetch]\ntimeout = \"31s\"\n[output]\ncompression = \"zstd\"\n");
    assert_eq!(
        default.differing(&other),
        ["fetch.timeout", "output.compression"]
    );
}

#[test]
fn durations_are_read_as_people_write_them() {
    for (text, seconds) in [
        ("10m", 600),
        ("1h 30m", 5400),
        ("30d", 2_592_000),
        ("45s", 45),
    ] {
        assert_eq!(
            reader::duration(text),
            Some(Duration::from_secs(seconds)),
            "{text}"
        );
    }
    assert_eq!(reader::duration("-5s"), None);
    assert_eq!(reader::duration("10"), None);
}

#[test]
fn what_could_not_work_is_refused_before_it_runs() {
    let feed = "[[feed]]\nurl = \"https://a.example/\"\n";
    for (text, wanted) in [
        // An empty token would let everybody in.
        (
            format!("[status]\nlisten = \"0.0.0.0:1\"\ntoken = \"\"\n{feed}"),
            "status.token: expected a text, or the name of a set variable or of a readable file, found an empty text",
        ),
        (
            format!("[fetch]\nuser_agent = \"a\\nb\"\n{feed}"),
            "fetch.user_agent: expected a text that a header can hold",
        ),
        (
            format!("[fetch]\ntimeout = \"0s\"\n{feed}"),
            "fetch.timeout: expected a duration above zero",
        ),
        (
            format!("[output]\nfile_bytes_max = \"0B\"\n{feed}"),
            "output.file_bytes_max: expected a size above zero",
        ),
        (
            format!("{feed}kind = \"page\"\nlinks = \"h2[\"\n"),
            "feed.links: expected a CSS selector, found \"h2[\"",
        ),
        (
            format!("{feed}headers = {{ \"no name\" = \"x\" }}\n"),
            "feed.headers: expected a table of header names and values",
        ),
        (
            format!("{feed}cookies = \"a\\nb\"\n"),
            "found a text that no header can hold",
        ),
        (
            format!("{feed}auth = {{ bearer = \" \" }}\n"),
            "feed.auth: expected user and password, or bearer, found an empty text",
        ),
        (
            format!("{feed}[[feed]]\nurl = \"https://A.example\"\n"),
            "feed.url: the same feed twice",
        ),
    ] {
        let found = problems(&text);
        assert!(
            found.first().is_some_and(|first| first.contains(wanted)),
            "{text}: {found:?}"
        );
    }
    let zeros = "[output]\nkeep_age_max = \"0s\"\nkeep_bytes_max = \"0B\"\n[fetch]\nhost_gap = \"0s\"\n[state]\ncommit_delay = \"0s\"\n";
    let user = "auth = { user = \"key\", password = \"\" }\n";
    assert_eq!(problems(&format!("{zeros}{feed}{user}")), [""; 0]);
}

#[test]
fn syntax_that_ends_too_early_is_marked_where_it_ends() {
    let marked = Config::parse("c.toml", "[fetch\n[[feed]]\nurl = \"https://a.example/\"\n");
    let marked = marked.unwrap_err()[0].marked();
    assert!(
        marked.starts_with("c.toml:1: syntax: ") && marked.contains("\n 1 | [fetch\n"),
        "{marked}"
    );
}
