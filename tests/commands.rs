//! What a person or a script meets at the command line: exit codes, words, pipes.

use std::io::Write;
use std::process::{Command, Stdio};

/// Runs it in an empty folder with `input` on standard input; gives back the exit code and what it
/// printed to standard output and error.
fn run(arguments: &[&str], input: &str) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut child = copydesk(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    // One that reads nothing may be gone already.
    let _ = (child.stdin.take().expect("piped")).write_all(input.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let code = output.status.code().expect("no signal");
    (code, text(output.stdout), text(output.stderr))
}

fn copydesk(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.args(arguments);
    command
}

#[test]
fn what_is_not_there_is_named_with_the_documented_code() {
    let no_file = "No such file or directory (os error 2)";
    let config = format!("nope.toml: --config: cannot be read: {no_file}");
    for (arguments, wanted, said) in [
        (&["run", "--config", "nope.toml"][..], 78, config.as_str()),
        (&["check", "--config", "nope.toml"], 78, &config),
        (&["status", "--config", "nope.toml"], 78, &config),
        (&["reload", "--config", "nope.toml"], 78, &config),
        (&["clean", "--config", "nope.toml", "x"], 78, &config),
        (&["verify", "nope"], 70, "copydesk: reading nope: "),
        (&["tail"], 70, "copydesk: reading out: "),
        (&["feeds", "import", "nope"], 70, "copydesk: reading nope: "),
        (
            &["manual", "/dev/null/x"],
            70,
            "copydesk: writing manual pages to /dev/null/x: ",
        ),
        (
            &["clean", "--explain", "nope"],
            65,
            "copydesk: reading nope: ",
        ),
        (&["run"], 2, "--config <FILE>"),
    ] {
        let (code, _, told) = run(arguments, "");
        assert_eq!(code, wanted, "{arguments:?}: {told}");
        assert!(told.contains(said), "{arguments:?}: {told}");
        assert!(told.matches(no_file).count() < 2, "told twice: {told}");
    }
}

#[test]
fn a_dash_is_standard_input() {
    let story = "<article><p>The harbour wall was closed on Monday after the storm, the council \
                 said, and repairs will take until the end of the month at least.</p></article>";
    let (code, line, _) = run(&["clean", "-"], story);
    assert!(code == 0 && line.contains("The harbour wall"), "{line}");
    let feed = "<rss><channel><item><title>Wall closed</title></item></channel></rss>";
    let (code, line, _) = run(&["entries", "-"], feed);
    assert!(code == 0 && line.contains("Wall closed"), "{line}");
    let list = "<opml><body><outline xmlUrl='https://a.example/feed'/></body></opml>";
    let (code, table, _) = run(&["feeds", "import", "-"], list);
    assert!(
        code == 0 && table.contains("https://a.example/feed"),
        "{table}"
    );
}

#[test]
fn a_line_that_cannot_be_read_is_answered_under_its_own_id() {
    let (code, answers, _) = run(&["clean"], "{\"id\":7}\nno line\n");
    let answers: Vec<serde_json::Value> = (answers.lines())
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!((code, answers.len()), (0, 2));
    assert_eq!(answers[0]["id"], 7);
    assert!(answers[1]["id"].is_null() && answers[1]["error"]["reason"] == "wrong_type");
}

#[test]
fn reader_that_leaves_is_no_error_and_a_full_disk_is_one() {
    for arguments in [
        &["schema"][..],
        &["completions", "bash"],
        &["feeds", "import", "-"],
        &["--help"],
    ] {
        let start = || {
            let mut command = copydesk(arguments);
            command.stdin(Stdio::piped()).stderr(Stdio::piped());
            command
        };
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let child = start().stdout(writer).spawn().expect("it runs");
        let left = feed(child);
        assert_eq!(left, (0, String::new()), "{arguments:?}");
        let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
            continue;
        };
        let (code, told) = feed(start().stdout(full).spawn().expect("it runs"));
        if arguments != ["--help"] {
            assert_eq!(code, 70, "{arguments:?}: {told}");
            assert!(told.starts_with("copydesk: No space left"), "{told}");
        }
    }
}

/// Gives it a list of feeds to read; the exit code and what it told.
fn feed(mut child: std::process::Child) -> (i32, String) {
    let list = "<opml><body><outline xmlUrl='https://a.example/feed'/></body></opml>";
    let _ = (child.stdin.take().expect("piped")).write_all(list.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    (output.status.code().unwrap_or(-1), told)
}
