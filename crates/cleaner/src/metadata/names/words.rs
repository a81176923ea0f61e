//! Words of bylines in many languages: before names, between them, behind them, and of no name.

/// Words that stand before a name and are none, lowercase, with the space or mark that ends them.
#[rustfmt::skip]
pub(super) const OPENERS: &[&str] = &[
    "by ", "by: ", "by:", "autorin/autor ", "written by ", "written by: ", "words by ", "story by ", "posted by ",
    "posted by: ", "published by ", "reported by ", "report by ", "text by ", "article by ",
    "reviewed by ", "review by ", "author: ", "author:", "author ", "authors: ", "authors:",
    "about the author ", "edited by ", "from ", "von ", "von: ", "text: ", "text von ", "autor: ",
    "autor:", "autorin: ", "autoren: ", "ein artikel von ", "ein kommentar von ",
    "eine analyse von ", "interview: ", "aus ", "par ", "par: ", "auteur: ", "auteur : ",
    "propos recueillis par ", "écrit par ", "publié par ", "por ", "por: ", "autor/a: ",
    "escrito por ", "publicado por ", "texto: ", "redacción: ", "di ", "a cura di ", "autore: ",
    "de ", "door ", "auteur:", "tekst: ", "tekst ", "av ", "av: ", "af ", "af: ",
    "skrevet av ", "skriven av ", "skrevet af ", "toimittaja: ", "autor tekstu: ", "oprac. ",
    "opracowanie: ", "fot. ", "автор: ", "автор:", "автор ", "текст: ", "автори: ", "yazar: ",
    "yazan: ", "haber: ", "بقلم ", "بقلم: ", "كتب ", "الكاتب: ", "द्वारा ", "लेखक: ",
    "文●", "文：", "文:", "文/", "文／", "著者：", "著者:", "著者 ", "作者：", "作者:", "作者 ", "执笔：",
    "執筆：", "執筆:", "記者：", "记者：", "记者 ", "ライター：", "글 ", "기자 ",
];

/// Words of which one makes a piece of a byline a role, a desk or a service and no name. Lowercase.
#[rustfmt::skip]
pub(super) const ROLES: &[&str] = &[
    "editor", "editors", "editorial", "reporter", "reporters", "correspondent", "correspondents",
    "columnist", "writer", "writers", "staff", "contributor", "contributors", "journalist",
    "producer", "photographer", "analyst", "desk", "newsroom", "team", "bureau", "chief", "senior",
    "author", "guest", "freelance", "columnists", "fellow", "professor", "agency", "agencies",
    "wire", "service", "press", "news", "magazine", "online", "redaktion", "redakteur",
    "redakteurin", "korrespondent", "korrespondentin", "reporterin", "volontär", "volontärin",
    "autor", "autorin", "chefredakteur", "rédaction", "journaliste", "correspondant", "envoyé",
    "redacción", "redaccion", "periodista", "corresponsal", "redazione", "redactie", "redacteur",
    "redaktionen", "redaksjonen", "toimitus", "redakcja", "редакция",
    "корреспондент", "редактор", "журналист", "редакція", "muhabir", "editör", "編集部", "bulletin",
    "administrator", "admin", "webmaster", "webdesk", "publisher", "moderator", "university",
    "institute", "center", "centre", "nachrichtenagentur", "presse-agentur", "tv", "radio",
    "media", "gmbh", "inc", "inc.", "ltd", "llc", "com", "unknown", "anonymous", "null", "none",
    "herausgeber", "submissions", "community", "sponsored", "partner", "content", "presse",
    "zeitung",
];

/// What ends the names in a byline: all after it is something else.
#[rustfmt::skip]
pub(super) const ENDERS: &[&str] = &[
    "|", "•", "·", "—", " – ", " - ", "(", "[", "\n", "http", " for ", " in ", " on ", " updated",
    " published", " posted", " is a ", " is an ", " is the ", " @", "<", "＠", "（", "●",
];

/// What stands between two names.
#[rustfmt::skip]
pub(super) const SEPARATORS: &[&str] = &[
    ";", "&", "、", "，", " and ", " und ", " et ", " och ", " og ", " oraz ", " sowie ", " with ",
    " mit ", " avec ", " con ", "/", "／", "+", " y ", " и ", " і ", " و ", " e ", " i ", " en ",
    " ve ",
];

/// What stands between two names that have an element each.
pub(super) const JOINERS: &[&str] = &[
    ",", ";", "&", "/", "and", ", and", "und", "et", "y", "e", "och", "og", "en", "и", "و",
];

/// Words that alone before a name say that it signs; most openers also begin sentences.
#[rustfmt::skip]
pub(super) const SIGNERS: &[&str] = &[
    "by", "by:", "written by", "story by", "words by", "posted by", "author", "author:", "authors",
    "von", "von:", "autor", "autor:", "autorin", "autorin:", "autorin/autor", "par", "par:",
    "auteur", "auteur:", "auteur :", "por", "por:", "di", "door", "av", "af", "автор", "автор:",
    "yazar:", "بقلم", "بقلم:", "द्वारा", "著者", "作者", "文", "執筆",
];

/// Links and labels that stand in bylines.
#[rustfmt::skip]
pub(super) const NOISE: &[&str] = &[
    "see full bio", "full bio", "bio", "follow", "following", "profile", "view profile", "more",
    "read more", "share", "updated", "published", "about", "contact", "email", "twitter",
    "facebook", "instagram", "linkedin", "view orcid profile", "show more", "see more",
    "all posts", "view all posts", "website", "rss", "save", "comments", "comment", "by", "von",
    "par", "por", "and", "und", "et", "with", "mehr", "folgen", "profil", "autor", "author",
    "authors", "opens in new tab", "today", "yesterday",
];

/// Titles that Korean, Japanese and Chinese put behind a name.
#[rustfmt::skip]
pub(super) const CLOSERS: &[&str] = &[
    " 기자", "기자", " 특파원", " 記者", "記者", "记者", " 著", "さん",
];

/// What stands before the names of those who took a picture.
#[rustfmt::skip]
pub(super) const PICTURE_LABELS: &[&str] = &[
    "image:", "images:", "photo:", "photos:", "bild:", "foto:", "fotos:", "picture:",
    "credit:", "imagen:", "crédit photo",
];
