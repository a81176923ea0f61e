//! The words of the command line, and what `--help` says of them.

use super::{dedup, state};
use clap::{Parser, Subcommand};
use std::path::PathBuf;

const AFTER_HELP: &str = "\
To see it all without internet: copydesk demo
On feeds of your own: copydesk run --config FILE, where a [[feed]] with a url is enough

Exit codes: 0 done; 2 the command line cannot be read; 65 something in the data is wrong;
69 no daemon runs, or it is not at work; 70 copydesk could not go on; 78 the configuration is wrong";

/// Polls news feeds, fetches and cleans each article, holds back copies, writes NDJSON.
#[derive(Parser)]
#[command(name = "copydesk", version, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Command {
    #[command(subcommand)]
    pub(super) action: Action,
}

#[derive(Subcommand)]
pub enum Action {
    /// Run the daemon
    Run {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Poll every feed once, settle every entry, and exit
        #[arg(long)]
        once: bool,
        /// Write lines to standard output in place of files (not crash-exact)
        #[arg(long)]
        stdout: bool,
        /// Set damaged files of the index of near-duplicates aside, and start without them
        #[arg(long)]
        without_damaged_index: bool,
    },
    /// Check a configuration and name every problem in it
    Check {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Poll each feed once too, and print what came
        #[arg(long)]
        fetch: bool,
    },
    /// Tell how each feed is doing, whether or not the daemon runs
    Status {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
        /// Say only whether it is at work, for health checks
        #[arg(long, conflicts_with = "json")]
        health: bool,
    },
    /// Have the running daemon read its configuration anew
    Reload {
        /// The configuration, to find the daemon by its state folder
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Lists of feeds: from other readers, to them, and from a site
    #[command(subcommand)]
    Feeds(Feeds),
    /// Read feed documents: one line of JSON each
    Entries {
        /// Files or URLs; - is standard input
        #[arg(required = true, value_name = "PATH|URL")]
        places: Vec<String>,
        /// Dial private addresses too
        #[arg(long)]
        allow_private_addresses: bool,
    },
    /// Take the articles out of pages: one line of JSON each
    Clean {
        /// Files or URLs, - for a page on standard input; without them, lines {"id","url","html"} from
        /// there
        #[arg(value_name = "PATH|URL")]
        places: Vec<String>,
        /// Dial private addresses too
        #[arg(long)]
        allow_private_addresses: bool,
        /// Pages cleaned at once, in place of the configuration's; 0 is one a core
        #[arg(long, value_name = "COUNT")]
        threads: Option<usize>,
        /// Clean by the [clean] and [[site]] tables of this configuration
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Show what became of each block and value, and why
        #[arg(long, requires = "places")]
        explain: bool,
        /// The explanation as JSON
        #[arg(long, requires = "explain")]
        json: bool,
    },
    /// Rules for the pages of single sites
    #[command(subcommand)]
    Sites(Sites),
    /// Judge articles from standard input, {"id","url","title","text","published"}: one verdict each
    #[command(args_conflicts_with_subcommands = true)]
    Dedup {
        #[command(subcommand)]
        action: Option<Dedup>,
        /// Keep the index here between runs; a run that does not end well leaves it as it was
        #[arg(long, value_name = "DIR")]
        state: Option<PathBuf>,
        /// How long an article is remembered
        #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = dedup::window)]
        window: std::time::Duration,
        /// Set damaged files of the index aside, and start without them
        #[arg(long, requires = "state")]
        without_damaged_index: bool,
        /// Print counts, times an article, and memory at the end
        #[arg(long)]
        stats: bool,
        /// Show each duplicate beside what it copies, the copied sentences marked, in place of verdicts
        #[arg(long, conflicts_with_all = ["state", "stats"])]
        explain: bool,
    },
    /// Check output files: gaps, repeats, invalid lines
    Verify {
        /// The output folder
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
    /// Print the lines of the output, each once, across rotation and restarts
    Tail {
        /// The output folder
        #[arg(value_name = "DIR", default_value = "out")]
        directory: PathBuf,
        /// Begin with the line of this seq
        #[arg(long, value_name = "SEQ")]
        from: Option<u64>,
        /// Wait for more
        #[arg(short, long)]
        follow: bool,
        /// The duplicates in place of the articles
        #[arg(long)]
        duplicates: bool,
    },
    /// Export, import or compact the state, while the daemon does not run
    #[command(subcommand)]
    State(state::Action),
    /// Tell what somebody else did to the files that the daemon goes on from, and mend it
    Repair {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Do it
        #[arg(long)]
        yes: bool,
    },
    /// Show it all on a newsroom of its own, without internet
    Demo {
        /// Keep the output here
        #[arg(long, value_name = "DIR")]
        output: Option<PathBuf>,
        /// Only serve the newsroom, until interrupted, and print a configuration that follows it
        #[arg(long, conflicts_with = "output")]
        serve: bool,
    },
    /// Print the JSON Schema of a record
    Schema,
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Write a manual page for each command
    Manual {
        /// Where to
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
}

#[derive(Subcommand)]
pub enum Feeds {
    /// Turn an OPML list into [[feed]] tables, folders into tags
    Import {
        /// The list; - is standard input
        #[arg(value_name = "OPML")]
        file: PathBuf,
        /// Add them to the end of this configuration instead of printing them
        #[arg(long, value_name = "FILE")]
        into: Option<PathBuf>,
    },
    /// Print the feeds of a configuration as OPML, without credentials
    Export {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Find the feeds and news sitemaps of a site
    Find {
        /// The site, or any page of it
        url: String,
        /// As [[feed]] tables
        #[arg(long)]
        toml: bool,
        /// Dial private addresses too
        #[arg(long)]
        allow_private_addresses: bool,
    },
}

#[derive(Subcommand)]
pub enum Sites {
    /// Turn FiveFilters' site config files into [[site]] tables; what cannot be taken over is named
    Import {
        /// Files named by their hosts (paper.example.txt), or folders of them
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Clean the test pages of a configuration's rules
    Test {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}

#[derive(Subcommand)]
pub enum Dedup {
    /// Show a duplicate of the output files beside what it copies
    Explain {
        /// The duplicate's id
        id: String,
        /// The output folder
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
    /// Make the daemon's index of near-duplicates anew from its output files; stop the daemon first
    Rebuild {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}
