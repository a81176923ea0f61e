//! Rules for single sites, from elsewhere and tried out.

use super::clean::page_at;
use super::{exit, load, runtime};
use crate::cleaning::contained;
use crate::config::written_site;
use copydesk_cleaner::site::fivefilters::{Imported, import as import_file};
use copydesk_fetcher::{Fetcher, shown_text};
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Prints FiveFilters' files as `[[site]]` tables and names what is left out of each.
pub fn import(paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            for entry in std::fs::read_dir(path)? {
                files.push(entry?.path());
            }
            files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    if files.is_empty() {
        eprintln!("no file ends in .txt there");
    }
    let mut is_complete = true;
    for file in &files {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{}: {error}", file.display());
                is_complete = false;
                continue;
            }
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let Imported { site, left_out } = import_file(&name, &String::from_utf8_lossy(&bytes));
        for left in left_out {
            eprintln!(
                "{}:{}: {}: {}",
                file.display(),
                left.line,
                left.directive,
                left.why
            );
        }
        writeln!(stdout(), "{}", written_site(&site))?;
    }
    Ok(match is_complete {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(exit::DATA),
    })
}

/// Cleans every test page of a configuration's rules and says what came.
pub fn test(config: &Path) -> anyhow::Result<ExitCode> {
    let config = match load(config) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    let runtime = runtime()?;
    let fetcher = runtime.block_on(async { Fetcher::new(config.fetch.client.clone()) })?;
    let cleaner = &config.clean.cleaner;
    if cleaner.sites.iter().all(|site| site.test.is_empty()) {
        eprintln!("no [[site]] names a page to test");
    }
    let mut failed = 0;
    for place in cleaner.sites.iter().flat_map(|site| &site.test) {
        let cleaned = page_at(place, &runtime, &fetcher).and_then(|(url, html)| {
            let input = copydesk_cleaner::Input {
                url: &url,
                html: &html,
                ..Default::default()
            };
            contained(&input, cleaner)
        });
        let place = shown_text(place);
        match cleaned {
            Ok(article) => {
                let words = article.text.split_whitespace().count();
                let title = article.title.unwrap_or_default();
                writeln!(stdout(), "ok      {place}  {words} words  {title}")?;
            }
            Err(failure) => {
                failed += 1;
                writeln!(
                    stdout(),
                    "failed  {place}  {}: {}",
                    failure.reason.code(),
                    failure.detail
                )?;
            }
        }
    }
    Ok(match failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(exit::DATA),
    })
}
