use crate::manuscript::read_manuscript;
use crate::site::{FeedKind, Layout, Site, Story, now};
use flate2::read::GzDecoder;
use jiff::SignedDuration;
use std::io::{self, Read};
use std::path::Path;

/// Deals the pages of a folder out to so many sites, in the order of their names.
///
/// `*.html` and `*.html.gz` are served byte for byte, `*.txt` are manuscripts. The sites are called
/// `site-1`, `site-2` …; their main feeds are RSS, Atom and JSON by turns. Each page is dated a
/// minute before the one before it. Errs where a file cannot be read.
pub fn sites_from_folder(folder: &Path, count: usize) -> io::Result<Vec<Site>> {
    let count = count.max(1);
    let mut sites: Vec<Site> = (0..count).map(numbered_site).collect();
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    files.sort();
    let mut published = now();
    let mut place = 0;
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let Some(mut story) = read_story(&file, &name)? else {
            continue;
        };
        if story.published >= published {
            story.published = published;
        }
        published -= SignedDuration::from_mins(1);
        sites[place % count].stories.push(story);
        place += 1;
    }
    Ok(sites)
}

fn numbered_site(place: usize) -> Site {
    let mut feeds = FeedKind::ALL.to_vec();
    feeds.rotate_left(place % FeedKind::ALL.len());
    let number = place + 1;
    Site {
        feeds,
        layout: Layout::ALL[place % Layout::ALL.len()],
        ..Site::new(&format!("site-{number}"), &format!("Site {number}"))
    }
}

/// None for files of other kinds.
fn read_story(file: &Path, name: &str) -> io::Result<Option<Story>> {
    let story = if let Some(slug) = name.strip_suffix(".txt") {
        let manuscript = std::fs::read_to_string(file)?;
        read_manuscript(slug, &manuscript).map_err(io::Error::other)?
    } else if let Some(slug) = name.strip_suffix(".html") {
        page(slug, std::fs::read(file)?)
    } else if let Some(slug) = name.strip_suffix(".html.gz") {
        let mut html = Vec::new();
        GzDecoder::new(std::fs::File::open(file)?).read_to_end(&mut html)?;
        page(slug, html)
    } else {
        return Ok(None);
    };
    Ok(Some(story))
}

fn page(slug: &str, html: Vec<u8>) -> Story {
    let title = title(&html).unwrap_or_else(|| slug.to_owned());
    Story::from_html(slug, &title, html, now())
}

/// What stands between the first title tags.
fn title(html: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(html);
    let (_, rest) = text.split_once("<title")?;
    let (_, rest) = rest.split_once('>')?;
    let (title, _) = rest.split_once("</title")?;
    let title = html_escape::decode_html_entities(title);
    let words: Vec<&str> = title.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Body;

    #[test]
    fn pages_are_dealt_out_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("a.html", "<title>\n The  &quot;A&quot; </title>"),
            ("b.txt", "title: The B\n\nText."),
            ("c.html", "no title"),
            ("d.jpg", "not a page"),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let sites = sites_from_folder(folder.path(), 2).unwrap();
        let titles = |site: &Site| -> Vec<String> {
            site.stories
                .iter()
                .map(|story| story.title.clone())
                .collect()
        };
        assert_eq!(titles(&sites[0]), ["The \"A\"", "c"]);
        assert_eq!(titles(&sites[1]), ["The B"]);
        assert_ne!(sites[0].feeds[0], sites[1].feeds[0]);
        let Body::Page(file) = &sites[0].stories[0].body else {
            panic!("a page");
        };
        assert_eq!(&file.bytes[..], b"<title>\n The  &quot;A&quot; </title>");
    }
}
