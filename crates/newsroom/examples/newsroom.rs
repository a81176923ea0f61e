//! Serves the demo or a folder of pages until interrupted, and prints the feeds as configuration.

use clap::Parser;
use copydesk_newsroom::{Demo, Newsroom, demo, hostile_site, sites_from_folder};
use std::error::Error;
use std::path::PathBuf;

/// A loopback newsroom for manual trials.
#[derive(Parser)]
struct Arguments {
    /// A folder of *.html, *.html.gz and *.txt; without it the demo is served.
    folder: Option<PathBuf>,
    /// Sites to deal the folder's pages out to.
    #[arg(long, default_value_t = 3)]
    sites: usize,
    /// One port for all sites; 0 lets the system pick one for each.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Serve documents made to hurt instead.
    #[arg(long)]
    hostile: bool,
    /// Run the demo's script: a correction, a late story and a late copy.
    #[arg(long, conflicts_with_all = ["folder", "hostile"])]
    script: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let sites = match &arguments.folder {
        Some(folder) => sites_from_folder(folder, arguments.sites)?,
        None if arguments.hostile => vec![hostile_site("hostile")],
        None => demo(),
    };
    let newsroom = Newsroom::start_at(sites, arguments.port).await?;
    println!("[fetch]\nallow_private_addresses = true");
    for (url, title) in newsroom.feeds() {
        println!("\n[[feed]] # {title}\nurl = \"{url}\"");
    }
    // Held until the process is interrupted.
    let newsroom = Demo::from(newsroom);
    if arguments.script {
        newsroom.run_script().await;
        eprintln!("the script is done");
    }
    std::future::pending().await
}
