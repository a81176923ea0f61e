//! The same boxes and blocks as from the tree of a parser.

use std::io::Read;
use std::path::Path;

use super::*;
use crate::text::extract;
use crate::text::outline::{self, outline};
use crate::{Input, tree};

/// The blocks with what is counted in each: boxes by tag from the outermost, links, bold.
fn shown(outline: &Outline) -> Vec<String> {
    let line = |block: &outline::Block| {
        let mut tags = Vec::new();
        let mut at = block.parent;
        while at != 0 {
            tags.push(format!("{:?}", outline.boxes[at].tag));
            at = outline.boxes[at].parent;
        }
        tags.reverse();
        let (links, bold) = (block.link_chars, block.bold_chars);
        format!("{links}/{bold} {} {}", tags.join(">"), block.text)
    };
    outline.blocks.iter().map(line).collect()
}

#[track_caller]
fn check(html: &str) {
    let config = Config::default();
    let wanted = shown(&outline(
        [tree::parse(html, &config).html.tree.root()].into_iter(),
    ));
    assert_eq!(shown(&read(html, &config).outline), wanted, "{html}");
}

#[test]
fn nests_as_the_parser_does() {
    for html in [
        "<p>a<p>b<div>c</p>d</div>e",
        "<ul><li>a<li>b<ul><li>c</ul>d</ul>e",
        "<dl><dt>a<dd>b<dt>c</dl>d",
        "<h1>a<h2>b</h1>c",
        "<b><p>a</b>b<p>c",
        "<p><b>a<p>b</b>c",
        "<a>a<div>b</a>c</div>d",
        "<a>a<a>b</a>c</a>d",
        "<div><a>a</div><div>b</a>c</div>",
        "<p>a<table><tr><td>b<td>c<tr><td>d</table>e",
        "<!doctype html><p>a<table><tr><td>b<td>c<tr><td>d</table>e",
        "<!doctype html><p><b>a<table><td>b</table>c",
        "<b>a<table><td>b</b>c</table>d</b>e",
        "<table><div>a</div></table>",
        "<table><tr><td>a<table><tr><td>b</td></tr></table>c</table>d",
        "<table><td>a<table><td>b</td></td></table>c</table>",
        "<table><caption>a<tr><td>b</table>",
        "<table><td>a<p>b</td></table>c",
        "<td>a</td><tr>b",
        "<form><div>a</form>b</div>c<form>d",
        "<div><form></div>a</form>b",
        "<form><form>a</form>b</form>",
        "<button>a<div>b</button>c",
        "<nav>a<div>b</nav>c</div>d",
        "<div><nav>a</div>b",
        "<div><nav>a</span>b</nav>c</div>d",
        "<select><option>a<option>b</select>c",
        "<select>a<select>b<p>c",
        "<select>a<input>b",
        "<ruby>a<rt>b</ruby>c<ruby>d<rp>(<rt>e<rp>)</ruby>f",
        "<object>a<p>b</object>c",
        "<template><p>a</template>b",
        "<title>a</title><p>b<title>c</title>d",
        "<span style='display:none'>a<span>b</span>c</span>d",
        "<p><span style='display:none'>a<p>b</span>c",
        "<a style='display:none'>a</a>b<div style='display:none'>c</div>",
        "<x-a>a<p>b</x-a>c<x-b>d</x-a>e",
        "<p>a<x-a>b</x-a>c",
        "<foo>a<bar>b</foo>c",
        "<section>a<article>b</section>c</article>d",
        "<noscript><p>a</noscript>b<noscript>c",
        "<svg><path/><title>t</title></svg>a<svg><path><p>b",
        "<div>a<svg><path></div>b",
        "<svg><foreignObject><p>a</p></foreignObject></svg>b",
        "<script>'<p>'</script>a<style><p></style>b<textarea><p></textarea>c",
        "<head><meta>a<head><body class=x>b<html>c</body>d</html>e",
        "a<br><br>b<br>c</br>d",
        "a<hr>b</p>c",
        "<details><summary>a</summary>b</details>c",
        "<figure><img><figcaption>a</figure>b",
        "<ul><div><li>a</div><li>b</ul>",
        "<marquee>a<b>b</marquee>c",
        "<p>&lt;a&amp;b&nbsp;c &copy; d\0e",
        "<center><font>a</center>b",
        "<body hidden>a</body>",
        "<blockquote><p>a</blockquote>b",
        "<b><b><b>a</b>b</b>c</b>d",
        "<p><i>a<b>b</i>c</b>d",
        "",
    ] {
        check(html);
    }
}

/// On every page of the evaluation set that is at hand; `COPYDESK_ALL_PAGES=1` takes them all.
#[test]
fn same_story_as_from_a_tree() {
    let shared = std::env::var("COPYDESK_SHARED").unwrap_or_else(|_| "/work/shared".to_owned());
    let folder = Path::new(&shared).join("extraction/pages");
    let all = [
        "scrapinghub",
        "fundus_tests",
        "postlight_meta",
        "trafilatura_eval",
        "wcxb_dev",
    ];
    let count = if std::env::var_os("COPYDESK_ALL_PAGES").is_some() {
        5
    } else {
        1
    };
    let (mut pages, mut differing) = (0, Vec::new());
    for dataset in &all[..count] {
        let Ok(files) = folder.join(dataset).read_dir() else {
            eprintln!("skipped: no pages in {}", folder.display());
            return;
        };
        for file in files {
            let path = file.expect("a readable folder").path();
            let packed = std::fs::File::open(&path).expect("a readable page");
            let mut html = String::new();
            flate2::read::GzDecoder::new(packed)
                .read_to_string(&mut html)
                .expect("a page in UTF-8");
            let input = Input {
                html: &html,
                ..Input::default()
            };
            let config = Config::default();
            let of_tree = outline([tree::parse(&html, &config).html.tree.root()].into_iter());
            let of_tags = read(&html, &config).outline;
            if std::env::var_os("COPYDESK_SHOW").is_some() {
                let (tree, tags) = (shown(&of_tree), shown(&of_tags));
                if tree != tags {
                    eprintln!("{}: {} {}", path.display(), tree.len(), tags.len());
                    let first = tree.iter().zip(&tags).find(|(a, b)| a != b);
                    if let Some((a, b)) = first {
                        eprintln!("{a:.200}\n{b:.200}");
                    }
                }
            }
            pages += 1;
            let (whole, story) = (extract(of_tree, &input), extract(of_tags, &input));
            if whole != story {
                for line in whole.iter().filter(|line| !story.contains(line)) {
                    eprintln!("tree {line:.90}");
                }
                for line in story.iter().filter(|line| !whole.contains(line)) {
                    eprintln!("tags {line:.90}");
                }
                differing.push(path);
            }
        }
    }
    assert!(
        differing.is_empty(),
        "{} of {pages}: {differing:#?}",
        differing.len()
    );
}
