//! The words by which names of classes, ids and roles tell what an element holds.

use super::Cue;

/// For each cue its words, whole, and parts of words, for names written in one: `articlebody`,
/// `relatedposts`. A word may speak for several cues. All in ASCII, as names of classes are.
#[rustfmt::skip]
pub(super) const WORDS: &[(Cue, &[&str], &[&str])] = &[
    (
        Cue::Article,
        &[
            "article", "story", "post", "entry", "news", "blog", "artikel", "articulo", "noticia",
            "articolo", "main", "single", "page", "detail", "content", "hentry", "beitrag",
        ],
        &["article", "story", "artikel"],
    ),
    (
        Cue::Body,
        &[
            "body", "text", "texto", "texte", "testo", "copy", "paragraph", "paragraphs", "para",
            "richtext", "prose", "rte", "wysiwyg", "content", "contents", "corps", "cuerpo",
            "inhalt", "fulltext", "longtext", "markdown", "markup", "typography", "absatz",
            "textblock", "blocks", "formatted",
        ],
        &["body", "content", "text"],
    ),
    (
        Cue::Lead,
        &[
            "lead", "lede", "intro", "introduction", "standfirst", "summary", "excerpt", "dek",
            "deck", "subtitle", "subheadline", "subheading", "subhead", "abstract", "chapo",
            "vorspann", "sumario", "entradilla", "ingress", "ingres", "description", "anrisstext",
            "einleitung", "kicker", "bajada", "sapo", "preamble", "sommario", "desc",
        ],
        &["standfirst", "summary"],
    ),
    (
        Cue::Title,
        &[
            "title", "headline", "heading", "titre", "titulo", "titel", "titolo", "hed", "h1",
            "ueberschrift", "headings",
        ],
        &["headline"],
    ),
    (
        Cue::Related,
        &[
            "related", "relateds", "recommend", "recommended", "recommendation", "recommendations",
            "recommender", "more", "readmore", "similar", "trending", "popular", "mostread",
            "latest", "recent", "recirc", "recirculation", "suggested", "suggestion", "suggestions",
            "verwandt", "verwandte", "weitere", "mehr", "mehrzumthema", "relacionadas",
            "relacionados", "relacionada", "relacionado", "outbrain", "taboola", "also", "readalso",
            "alsoread", "linkbox", "seealso", "crosslink", "internallink", "siehe", "aussi",
            "correlati", "relatedarticles", "relatedposts",
        ],
        &["related", "recommend", "readmore"],
    ),
    (
        Cue::Teaser,
        &[
            "teaser", "teasers", "card", "cards", "tile", "tiles", "tout", "thumb", "thumbnail",
            "preview", "snippet", "listing", "feed", "carousel", "slider", "swiper", "grid",
            "stream", "archive", "loop", "items", "list", "river", "collection", "slick",
        ],
        &["teaser"],
    ),
    (
        Cue::Share,
        &[
            "share", "sharing", "shares", "social", "socials", "follow", "facebook", "twitter",
            "whatsapp", "instagram", "tweet", "addthis", "addtoany", "sharedaddy", "fb", "sns",
            "teilen", "compartir", "telegram", "linkedin", "pinterest", "youtube", "a2a",
            "sociable", "like", "likes", "reaction", "reactions", "rating", "vote", "votes",
            "tools", "toolbar", "print", "actions", "bookmark",
        ],
        &["share", "social"],
    ),
    (
        Cue::Comment,
        &[
            "comment", "comments", "commentlist", "disqus", "discussion", "kommentar", "kommentare",
            "commentaires", "comentarios", "commenting", "respond", "reply", "replies",
            "comentario", "moderat", "moderad", "netiquette", "yorum", "reacties", "komment",
            "coral", "viafoura", "commenti", "leserkommentare", "spotim", "openweb",
        ],
        &["comment", "komment"],
    ),
    (
        Cue::Promo,
        &[
            "ai", "generated", "newsletter", "newsletters", "nl", "subscribe", "subscription",
            "subscriber", "signup", "promo", "promos", "promotion", "promobox", "cta", "app",
            "donate", "donation", "donations", "support", "supporter", "abo", "offer", "membership",
            "campaign", "callout", "mailchimp", "hubspot", "marketing", "inscription", "optin",
            "sign", "up", "spenden", "contribution", "contribute", "podcast", "notification",
            "alert", "alerts", "mailing", "convertkit", "aktion",
        ],
        &["newsletter", "subscri", "promo"],
    ),
    (
        Cue::Advert,
        &[
            "ad", "ads", "advert", "adverts", "advertisement", "advertising", "adslot", "adbox",
            "adcontainer", "adsense", "sponsor", "sponsored", "sponsors", "dfp", "gpt", "anzeige",
            "werbung", "publicidad", "pub", "reklam", "reklama", "advertorial", "affiliate",
            "banner", "banners", "commercial", "product", "products", "shop", "deals", "buy",
            "price", "leaderboard", "mpu", "googleads", "taboola", "outbrain", "billboard", "adv",
        ],
        &["advert", "sponsor"],
    ),
    (
        Cue::Media,
        &[
            "caption", "captions", "credit", "credits", "figure", "legend", "image", "images",
            "img", "photo", "photos", "picture", "gallery", "galleries", "bild", "bildunterschrift",
            "bildergalerie", "media", "video", "videos", "player", "slideshow", "audio", "embed",
            "embedded", "iframe", "multimedia", "imagen", "foto", "fotos", "copyright",
            "attribution", "asset", "lightbox", "map", "chart", "infographic", "graphic",
            "photogallery",
        ],
        &["caption", "gallery", "photo", "image", "video"],
    ),
    (
        Cue::Author,
        &[
            "author", "authors", "byline", "bio", "biography", "autor", "autoren", "auteur",
            "writer", "reporter", "journalist", "contributor", "contributors", "vcard", "profile",
            "avatar", "about", "autore", "redaktion", "signature", "person", "staff",
        ],
        &["author", "byline"],
    ),
    (
        Cue::Meta,
        &[
            "meta", "metadata", "date", "datetime", "time", "timestamp", "publish", "published",
            "posted", "tag", "tags", "category", "categories", "topic", "keyword", "keywords",
            "breadcrumb", "breadcrumbs", "label", "labels", "info", "dateline", "datum", "fecha",
            "section", "eyebrow", "overline", "badge", "rubrik", "source", "updated", "reading",
            "taxonomy", "terms", "term", "pubdate",
        ],
        &[],
    ),
    (
        Cue::Chrome,
        &[
            "nav", "navigation", "navbar", "menu", "header", "footer", "foot", "sidebar", "side",
            "aside", "rail", "widget", "widgets", "masthead", "topbar", "search", "bottom", "skip",
            "pagination", "pager", "paging", "toolbar", "sticky", "legal", "impressum", "site",
            "global", "siteheader", "sitefooter", "branding", "logo", "secondary", "right",
            "tertiary", "below", "after", "complementary", "ribbon", "ticker", "weather",
        ],
        &["sidebar", "footer", "header"],
    ),
    (
        Cue::Hidden,
        &[
            "hidden", "hide", "sr", "screenreader", "visuallyhidden", "invisible", "offscreen",
            "noprint", "printonly", "a11y", "accessibility", "tooltip", "screen",
        ],
        &[],
    ),
    (
        Cue::Quote,
        &[
            "quote", "pullquote", "blockquote", "pull", "zitat", "quotation", "citation",
        ],
        &[],
    ),
    (
        Cue::Info,
        &[
            "infobox", "factbox", "box", "toc", "facts", "fact", "glossary", "keypoints", "key",
            "points", "highlights", "bullets", "takeaways", "faktenbox", "infokasten", "table",
            "contents", "sources", "references", "reference", "footnotes", "footnote", "correction",
            "disclaimer", "disclosure", "note", "notes", "notice", "stats", "recipe", "ingredients",
            "faq", "accordion", "explainer",
        ],
        &[],
    ),
    (
        Cue::Live,
        &[
            "live", "liveblog", "ticker", "liveticker", "timeline", "update", "updates",
        ],
        &[],
    ),
    (
        Cue::Dialog,
        &[
            "modal", "popup", "popover", "overlay", "cookie", "cookies", "consent", "gdpr",
            "privacy", "login", "register", "dialog", "lightbox", "cmp", "onetrust", "cookiebot",
            "signin", "account", "interstitial", "toast", "message", "warning", "error", "form",
            "contact", "survey", "poll", "quiz", "feedback", "usercentrics", "sourcepoint", "opt",
        ],
        &["cookie", "consent"],
    ),
    (
        Cue::Paywall,
        &[
            "paywall", "paid", "premium", "plus", "gate", "gated", "regwall", "piano", "tp",
            "meter", "metered", "locked", "restricted", "barrier", "paywalled", "plenigo",
            "laterpay", "offer",
        ],
        &[],
    ),
];
