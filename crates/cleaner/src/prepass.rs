//! A page without what its story cannot depend on, so that scraper builds a smaller tree.
//!
//! Elements and attributes cost the parser most, so both go: scripts, pictures and forms' insides,
//! tags that only style a word, and every attribute that no cue is read from. What is left out is
//! what [`outline`](crate::text::outline) does not look at; the story comes out the same.

use crate::markup::{Kind, Scanner, Tag, scan};
use crate::text::outline::{HIDING, HINTS, INLINE, NameSet, SILENT};

/// Inline elements that say nothing about the words in them.
static TRANSPARENT: NameSet = NameSet::new(&[
    "span", "u", "s", "small", "big", "sub", "sup", "mark", "abbr", "cite", "q", "code", "kbd",
    "samp", "var", "time", "font", "ins", "del", "bdi", "bdo", "label", "data", "dfn", "wbr",
    "acronym", "tt", "strike", "nobr", "picture", "img", "source", "link", "meta", "output",
    "area", "track", "param", "input", "base",
]);

/// Elements without content.
static VOID: NameSet = NameSet::new(&[
    "br", "img", "hr", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed",
    "param", "track", "keygen",
]);

/// Elements whose end may be left out, so that they do not count as nesting.
static SELF_ENDING: NameSet = NameSet::new(&[
    "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "optgroup",
    "colgroup", "caption", "html", "head", "body", "rp", "rt",
]);

/// HTML that ends an `svg` left open.
const BREAKOUT: &[&str] = &[
    "p",
    "div",
    "span",
    "h1",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "table",
    "img",
    "body",
    "br",
    "b",
    "i",
    "em",
    "strong",
    "blockquote",
    "pre",
];

/// Writes the page anew. Elements nested deeper than `depth_max` lose their tags, not their text.
pub(crate) fn slim(html: &str, depth_max: usize) -> String {
    let mut slimmer = Slimmer {
        html,
        out: String::with_capacity(html.len() / 4),
        depth: 0,
        depth_max,
        kept_spans: Vec::new(),
        look_ahead: LOOK_AHEAD_MAX,
        is_after_block: true,
    };
    let mut scanner = scan(html);
    while let Some(token) = scanner.next() {
        match token.kind {
            Kind::Text(text) => slimmer.text(text),
            Kind::Start(tag) => slimmer.start(tag, token.end, &mut scanner),
            Kind::End(name) => slimmer.end(name),
            Kind::Comment => {
                let comment = &html[token.start..token.end];
                if slimmer.out.is_empty() && comment.len() > 9 && comment.as_bytes()[2] | 32 == b'd'
                {
                    slimmer.out.push_str(comment);
                }
            }
        }
    }
    slimmer.out
}

struct Slimmer<'a> {
    html: &'a str,
    out: String,
    depth: usize,
    depth_max: usize,
    /// For each `span` still open, whether its tag was written.
    kept_spans: Vec<bool>,
    /// What is left of [`LOOK_AHEAD_MAX`].
    look_ahead: usize,
    /// White space here stands at the edge of a block and shows nowhere.
    is_after_block: bool,
}

impl Slimmer<'_> {
    fn text(&mut self, text: &str) {
        if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            if !self.is_after_block {
                self.out.push(' ');
            }
            return;
        }
        self.out.push_str(text);
        self.is_after_block = false;
    }

    fn start(&mut self, tag: Tag, end: usize, scanner: &mut Scanner) {
        let mut lowered = [0; NAME_BYTES_MAX];
        let name = lower(tag.name, &mut lowered);
        match name {
            "script" | "style" | "iframe" | "textarea" | "title" | "xmp" | "noembed"
            | "noframes" => {
                skip_raw_text(scanner);
                return;
            }
            "noscript" => {
                let rest = &self.html.as_bytes()[end..];
                let length = memchr::memmem::find(rest, b"</noscript").unwrap_or(rest.len());
                scanner.jump(end + length);
                return;
            }
            "svg" => {
                if !tag.is_self_closing() {
                    skip_svg(scanner);
                }
                return;
            }
            _ => {}
        }
        let is_hidden_inline = INLINE.contains(name) && hides(tag);
        if name == "span" {
            self.kept_spans.push(is_hidden_inline);
        }
        if TRANSPARENT.contains(name) && !(is_hidden_inline && name == "span") {
            return;
        }
        let is_silent = SILENT.contains(name);
        if is_silent && let Some(after) = balanced_end(scanner.clone(), name, &mut self.look_ahead)
        {
            scanner.jump(after);
            // Its tags stay: they may end a paragraph.
            self.out.extend(["<", name, "></", name, ">"]);
            return;
        }
        let is_inline = INLINE.contains(name);
        self.is_after_block = !is_inline && !name.contains('-');
        if !VOID.contains(name) && !SELF_ENDING.contains(name) {
            self.depth += 1;
            if self.depth > self.depth_max {
                return;
            }
        }
        self.out.push('<');
        self.out.push_str(name);
        if !is_silent {
            self.attributes(tag, is_inline);
        }
        self.out.push('>');
    }

    fn attributes(&mut self, tag: Tag, is_inline: bool) {
        let wanted = if is_inline { &["style"] } else { HINTS };
        for (given, value) in tag.attributes() {
            let mut lowered = [0; NAME_BYTES_MAX];
            let name = lower(given, &mut lowered);
            if !wanted.contains(&name) || name == "style" && !is_hiding(value) {
                continue;
            }
            let quote = if value.contains('"') { "'" } else { "\"" };
            self.out.extend([" ", name, "=", quote, value, quote]);
        }
    }

    fn end(&mut self, name: &str) {
        let mut lowered = [0; NAME_BYTES_MAX];
        let name = lower(name, &mut lowered);
        let is_kept_span = name == "span" && self.kept_spans.pop() == Some(true);
        let is_dropped = matches!(
            name,
            "script" | "style" | "iframe" | "textarea" | "title" | "noscript" | "svg"
        ) || TRANSPARENT.contains(name) && !is_kept_span;
        if is_dropped {
            return;
        }
        self.is_after_block = !INLINE.contains(name) && !name.contains('-');
        if !VOID.contains(name) && !SELF_ENDING.contains(name) {
            let was_dropped = self.depth > self.depth_max;
            self.depth = self.depth.saturating_sub(1);
            if was_dropped {
                return;
            }
        }
        self.out.extend(["</", name, ">"]);
    }
}

/// Longer names are no names that we know.
const NAME_BYTES_MAX: usize = 24;

fn lower<'n>(name: &str, buffer: &'n mut [u8; NAME_BYTES_MAX]) -> &'n str {
    let bytes = name.as_bytes();
    if bytes.len() > NAME_BYTES_MAX || !name.is_ascii() {
        return "x-unknown";
    }
    let lowered = &mut buffer[..bytes.len()];
    lowered.copy_from_slice(bytes);
    lowered.make_ascii_lowercase();
    std::str::from_utf8(lowered).unwrap_or("x-unknown")
}

fn is_hiding(style: &str) -> bool {
    HIDING.iter().any(|word| style.contains(word))
}

fn hides(tag: Tag) -> bool {
    tag.attributes()
        .any(|(name, value)| name.eq_ignore_ascii_case("style") && is_hiding(value))
}

fn skip_raw_text(scanner: &mut Scanner) {
    let mut ahead = scanner.clone();
    if let Some(token) = ahead.next()
        && matches!(token.kind, Kind::Text(_))
    {
        *scanner = ahead;
    }
}

fn skip_svg(scanner: &mut Scanner) {
    let mut depth = 1;
    let mut ahead = scanner.clone();
    while let Some(token) = ahead.next() {
        match token.kind {
            Kind::Start(tag) if tag.is("svg") && !tag.is_self_closing() => depth += 1,
            Kind::Start(tag) if BREAKOUT.iter().any(|name| tag.is(name)) => return,
            Kind::End(name) if name.eq_ignore_ascii_case("svg") => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
        *scanner = ahead.clone();
    }
    *scanner = ahead;
}

/// How many tags and texts all silent regions of a page are followed for: those left open must not
/// be followed to its end again and again.
const LOOK_AHEAD_MAX: usize = 100_000;

/// Where the region of this element ends, if everything opened in it is closed in it.
fn balanced_end(scanner: Scanner, name: &str, look_ahead: &mut usize) -> Option<usize> {
    let mut open = 1_usize;
    let mut same_open = 1_usize;
    for token in scanner {
        *look_ahead = look_ahead.checked_sub(1)?;
        match token.kind {
            Kind::Start(tag) if tag.is("noscript") => return None,
            Kind::Start(tag) => {
                let mut lowered = [0; NAME_BYTES_MAX];
                let inner = lower(tag.name, &mut lowered);
                if !VOID.contains(inner) && !SELF_ENDING.contains(inner) && !tag.is_self_closing() {
                    open += 1;
                }
                same_open += usize::from(inner == name);
            }
            Kind::End(ended) => {
                let mut lowered = [0; NAME_BYTES_MAX];
                let ended = lower(ended, &mut lowered);
                if !VOID.contains(ended) && !SELF_ENDING.contains(ended) {
                    open = open.checked_sub(1)?;
                }
                if ended == name {
                    same_open -= 1;
                    if same_open == 0 {
                        return (open == 0).then_some(token.end);
                    }
                } else if open == 0 {
                    return None;
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::path::Path;

    use super::slim;
    use crate::text::extract;
    use crate::{Config, Input, tree};

    #[test]
    fn leaves_out_what_no_story_needs() {
        for (page, wanted) in [
            ("<!doctype html><p>a<!-- b -->", "<!doctype html><p>a"),
            (
                "<p onclick=x class='a'>a <span>b</span> <b id=c>d</b>",
                "<p class=\"a\">a b <b>d</b>",
            ),
            ("<script>'<p>'</script><p>a", "<p>a"),
            ("<svg><path/><title>t</title></svg>a", "a"),
            ("<svg><path><p>a", "<p>a"),
            ("<nav><ul><li>a</ul></nav>b", "<nav></nav>b"),
            ("<div><nav>a</div>b", "<div><nav>a</div>b"),
            ("<noscript><p>a</noscript>b", "<noscript>b"),
            ("<div>\n <p>a</p>\n</div>", "<div><p>a</p></div>"),
            (
                "<span style='display:none'>a</span><span>b</span>",
                "<span style=\"display:none\">a</span>b",
            ),
            (
                "<div><div><div>a</div></div></div>",
                "<div><div>a</div></div>",
            ),
        ] {
            let wanted = wanted.replace("<noscript>", "");
            assert_eq!(slim(page, 2), wanted, "{page}");
        }
    }

    /// On every page of the evaluation set that is at hand.
    #[test]
    fn same_story_as_from_the_whole_page() {
        let folder = std::env::var("COPYDESK_EXTRACTION")
            .unwrap_or_else(|_| "/work/shared/extraction".to_owned());
        let folder = Path::new(&folder).join("pages");
        let (mut pages, mut differing) = (0, Vec::new());
        for dataset in ["scrapinghub", "fundus_tests"] {
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
                let whole = extract(&tree::parse(&html, &config).html, &input);
                let slimmed = slim(&html, config.depth_max);
                let story = extract(&tree::parse(&slimmed, &config).html, &input);
                pages += 1;
                if whole != story {
                    for line in whole.iter().filter(|line| !story.contains(line)) {
                        eprintln!("whole {line:.90}");
                    }
                    for line in story.iter().filter(|line| !whole.contains(line)) {
                        eprintln!("story {line:.90}");
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
}
