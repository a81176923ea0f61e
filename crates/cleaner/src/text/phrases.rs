//! What turns of phrase suggest that a block is, all found in one pass.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// How often each group of [`PHRASES`] occurs.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Found {
    /// In the whole block, at most 9.
    pub anywhere: [u8; PHRASES.len()],
    /// Whether one stands within the first characters.
    pub at_start: [bool; PHRASES.len()],
}

/// A phrase begins a block when it starts before this byte: a bullet or an arrow may come first.
const START_BYTES: usize = 4;

struct Finder {
    automaton: AhoCorasick,
    group_of: Vec<usize>,
}

static FINDER: LazyLock<Finder> = LazyLock::new(|| {
    let phrases = || {
        PHRASES
            .iter()
            .enumerate()
            .flat_map(|(group, list)| list.iter().map(move |phrase| (group, *phrase)))
    };
    Finder {
        automaton: AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(phrases().map(|(_, phrase)| phrase))
            .expect("the table is small"),
        group_of: phrases().map(|(group, _)| group).collect(),
    }
});

/// Counts the phrases of a block. A phrase that begins with a letter must begin a word.
pub(crate) fn count(text: &str) -> Found {
    let lower = text.to_lowercase();
    let mut found = Found::default();
    for hit in FINDER.automaton.find_iter(&lower) {
        let is_inside_word = lower[..hit.start()]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric)
            && lower[hit.start()..].starts_with(|c: char| c.is_alphabetic() && (c as u32) < 0x3000);
        if is_inside_word {
            continue;
        }
        let group = FINDER.group_of[hit.pattern().as_usize()];
        found.anywhere[group] = (found.anywhere[group] + 1).min(9);
        found.at_start[group] |= hit.start() < START_BYTES;
    }
    found
}

/// The groups of [`PHRASES`] that are asked for by themselves.
pub(crate) const PROMO: usize = 0;
pub(crate) const RELATED: usize = 1;
pub(crate) const CREDIT: usize = 2;
pub(crate) const COMMENT: usize = 5;
pub(crate) const DATED: usize = 6;
pub(crate) const ACT: usize = 7;

/// What a block's words suggest, in the order of the features; matched in lowercase.
#[rustfmt::skip]
const PHRASES: [&[&str]; 8] = [
    // Newsletters, apps, subscriptions, donations.
    &[
        "newsletter", "subscribe", "sign up", "signup", "download the app", "our app",
        "get the app", "abonnieren", "abonnez", "suscríb", "suscrib", "iscriviti", "inscrivez",
        "anmelden", "registrieren", "donate", "donation", "support us", "spenden", "support our",
        "follow us", "folgen sie", "síguenos", "suivez", "seguici", "whatsapp channel", "telegram",
        "подпис", "購読", "订阅", "membership", "become a member", "your inbox", "push-", "abo ",
        "hírlev", "nyhedsbrev", "nyhetsbrev", "nieuwsbrief", "bülten", "free trial", "join our",
        "join us", "unsubscribe", "facebook", "twitter", "instagram", "premium", "jetzt testen",
        "click here", "clicking here", "on the go", "issues for", "to your door", "free for",
        "gratis", "kostenlos", "hier klicken", "klicken sie hier",
    ],
    // Related stories.
    &[
        "read more", "read also", "also read", "see also", "related", "read:", "more:", "watch:",
        "recommended", "you may", "you might", "don't miss", "lesen sie", "auch interessant",
        "mehr zum thema", "mehr zu", "weiterlesen", "lies auch", "lire aussi", "à lire", "a lire",
        "lea también", "lee también", "leer también", "te puede interesar", "leggi anche",
        "leia também", "leia mais", "читайте", "läs även", "les også", "læs også", "lees ook",
        "zobacz", "czytaj", "przeczytaj", "ayrıca", "ilgili", "関連", "相关", "भी पढ़ें", "এ ছাড়া",
        "اقرأ", "איך", "kaynak", "more on this", "more from", "in pictures", "continue reading",
        "most read", "meistgelesen", "siehe auch", "voir aussi", "más información", "ver también",
        "baca juga", "click to", "editor's", "lue myös", "olvassa", "čtěte", "preporučujemo",
        "citește și", "διαβάστε", "read next", "full story", "here's why", "here are",
    ],
    // Captions and credits.
    &[
        "photo:", "photo by", "image:", "photograph", "getty images", "(photo", "picture:", "foto:",
        "© ", "credit:", "file photo", "/afp", "/reuters", "shutterstock", "bild:", "imago", "dpa/",
        "/dpa", "(ap)", "ap photo", "reuters/", "courtesy", "fotografía", "crédit", "фото", "写真",
        "quelle:", "source:", "video:", "screenshot", "unsplash", "istock", "pixabay", "pexels",
        "picture alliance", "symbolbild", "image source", "archivbild", "afp via",
    ],
    // Copyright and imprint.
    &[
        "copyright", "all rights reserved", "alle rechte", "tous droits", "todos los derechos", "©",
        "privacy policy", "terms of", "datenschutz", "impressum", "agb", "reserved.",
        "may not be published", "terms and conditions", "permission", "disclaimer", "powered by",
        "affiliate", "commission",
    ],
    // Consent.
    &[
        "cookie", "consent", "externe inhalte", "externer inhalt", "datenschutzerklärung",
        "personenbezogene", "einwilligung", "javascript", "browser", "privacy", "zustimm",
        "akzeptieren", "accept", "adblock", "ad blocker", "widerrufen", "third-party",
        "drittplattform", "redaktioneller inhalt", "embedded", "einverstanden",
    ],
    // Comments.
    &[
        "comment", "kommentar", "commentaire", "comentario", "reply", "antworten", "log in",
        "login", "einloggen", "register", "leave a", "коммент", "コメント", "评论", "your email",
        "sign in", "posted by", "required fields", "commenti", "email address", "e-mail",
    ],
    // Dates and bylines.
    &[
        "published", "updated", "posted on", "last modified", "aktualisiert", "veröffentlicht",
        "stand:", "uhr", "publié", "publicado", "mis à jour", "actualizado", "min read",
        "minutes read", "minuten", "by ", "von ", "par ", "por ", "di ", "ago", " min.", "lesezeit",
        "written by", "reporting by", "edited by", "contributed to", "опубликовано", "обновлено",
        "am et", "pm et", "editor", "correspondent", "author", "autor", "tags", "filed under",
        "category", "categories", "topics", "themen", "schlagwörter", "view all",
    ],
    // Calls to act on something on the page.
    &[
        "share", "teilen", "partager", "compartir", "condividi", "print", "drucken",
        "advertisement", "anzeige", "werbung", "publicidad", "publicité", "sponsored", "scroll",
        "loading", "play video", "abspielen", "watch", "listen", "click", "next", "previous",
        "load more", "show more", "skip", "close", "menu", "home", "back to", "swipe", "tap",
        "mehr anzeigen", "weiter", "zurück", "copy link", "link copied", "story continues",
        "reklama", "реклама", "广告", "your browser", "getty",
    ],
];
