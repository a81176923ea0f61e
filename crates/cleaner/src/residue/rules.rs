//! The table of lines that are no story, in the words of many languages.
//!
//! A line goes only where its place, its shortness and its words all say so: a story about
//! newsletters has long paragraphs, and its sentences do not open with "Subscribe to our".

/// Where in the text a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Among the last paragraphs.
    Tail,
    /// Among the first or the last.
    Edge,
    Anywhere,
}

/// How a line shows what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The phrase is the whole line, but for marks.
    Whole,
    /// The line opens with the phrase.
    Opens,
    /// The line opens with the phrase, and a colon, dash or bar follows.
    Label,
    /// The line opens with the phrase; nothing but a date follows.
    Dated,
    /// The phrase stands anywhere in the line.
    Holds,
}

#[derive(Debug)]
pub(super) struct Rule {
    pub name: &'static str,
    pub place: Place,
    pub form: Form,
    pub words_max: usize,
    /// Lowercase.
    pub phrases: &'static [&'static str],
}

/// Paragraphs at either end that count as head and tail.
pub(super) const HEAD: usize = 5;
pub(super) const TAIL: usize = 6;

/// Paragraphs with more words than this are story to every rule.
pub(super) const WORDS_MAX: usize = 45;

#[rustfmt::skip]
const READ_ALSO: &[&str] = &[
    "read also", "also read", "read more", "read next", "see also", "also see", "related",
    "related news", "related stories", "related articles", "related story", "related topics",
    "more on this", "more on this story", "recommended", "must read", "you may also like",
    "you might also like", "more from", "keep reading", "further reading", "don't miss", "watch",
    "watch more", "read", "read the full story", "explained", "trending", "most read",
    "most popular", "popular", "meistgelesen", "les plus lus", "lo más leído", "i più letti",
    "mais lidas", "meest gelezen", "mest läst", "mest lest", "самое читаемое", "lesen sie auch",
    "lesen sie mehr", "lesen sie dazu", "lesen sie hier", "mehr zum thema", "mehr dazu",
    "auch interessant", "das könnte sie auch interessieren", "weiterlesen", "siehe auch",
    "passend dazu", "zum thema", "lies auch", "empfohlener externer inhalt", "weitere artikel",
    "lesetipp", "lire aussi", "à lire aussi", "a lire aussi", "à lire", "lire plus", "voir aussi",
    "à voir aussi", "sur le même sujet", "lire également", "à lire également",
    "pour aller plus loin", "en savoir plus", "notre dossier", "lee también", "lea también",
    "leer más", "lee además", "te puede interesar", "le puede interesar",
    "también te puede interesar", "más información", "noticias relacionadas", "ver también",
    "relacionado", "además", "no te pierdas", "leggi anche", "leggi tutto", "leggi pure",
    "potrebbe interessarti", "approfondisci", "ti potrebbe interessare", "articoli correlati",
    "per approfondire", "leia também", "leia mais", "veja também", "saiba mais", "confira também",
    "notícias relacionadas", "lees ook", "lees meer", "lees verder", "bekijk ook", "meer over",
    "luister ook", "läs också", "läs mer", "läs även", "se även", "mer om", "relaterat",
    "les også", "les mer", "se også", "læs også", "læs mere", "hør også", "relaterede artikler",
    "lue myös", "lue lisää", "katso myös", "czytaj także", "czytaj też", "czytaj również",
    "czytaj więcej", "zobacz także", "zobacz też", "przeczytaj także", "przeczytaj też",
    "polecamy", "читайте также", "читайте ещё", "читать также", "смотрите также", "подробнее",
    "по теме", "материалы по теме", "читайте також", "дивіться також", "читати також",
    "прочетете още", "вижте още", "čtěte také", "čtěte více", "přečtěte si také", "prečítajte si",
    "čítajte aj", "citește și", "olvassa el", "διαβάστε επίσης", "διαβάστε ακόμη", "ayrıca okuyun",
    "bunlar da ilginizi çekebilir", "ilgili haberler", "ilgili haber", "okumaya devam et",
    "haberin devamı", "اقرأ أيضا", "اقرأ أيضاً", "إقرأ أيضا", "اقرأ المزيد", "شاهد أيضا",
    "مواضيع ذات صلة", "أخبار ذات صلة", "بیشتر بخوانید", "همچنین بخوانید", "مزید پڑھیں",
    "یہ بھی پڑھیں", "קראו גם", "קראו עוד", "यह भी पढ़ें", "ये भी पढ़ें", "इसे भी पढ़ें",
    "और पढ़ें", "আরও পড়ুন", "আরো পড়ুন", "மேலும் படிக்க", "baca juga", "lihat juga", "xem thêm",
    "đọc thêm", "อ่านเพิ่มเติม", "อ่านต่อ", "あわせて読みたい", "関連記事", "関連リンク", "こちらも", "相关阅读", "相关新闻",
    "延伸阅读", "延伸閱讀", "相關新聞", "推荐阅读", "관련기사", "관련 기사", "함께 읽기",
];

#[rustfmt::skip]
const PUBLISHED: &[&str] = &[
    "published", "published on", "published at", "first published", "originally published",
    "posted", "posted on", "updated", "updated on", "last updated", "last updated on",
    "last update", "last modified", "date", "modified", "issued", "veröffentlicht",
    "veröffentlicht am", "erstellt", "erstellt am", "aktualisiert", "aktualisiert am",
    "zuletzt aktualisiert", "letzte aktualisierung", "stand", "publiziert", "publiziert am",
    "publié", "publié le", "mis à jour", "mis à jour le", "modifié le", "mise à jour",
    "date de publication", "publicado", "publicado el", "publicado em", "actualizado",
    "actualizado el", "atualizado em", "última actualización", "fecha de publicación",
    "pubblicato", "pubblicato il", "aggiornato", "aggiornato il", "ultimo aggiornamento",
    "gepubliceerd", "gepubliceerd op", "bijgewerkt", "laatst bijgewerkt", "publicerad",
    "publicerat", "uppdaterad", "senast uppdaterad", "publisert", "oppdatert", "sist oppdatert",
    "publiceret", "udgivet", "opdateret", "sidst opdateret", "julkaistu", "päivitetty",
    "opublikowano", "data publikacji", "zaktualizowano", "aktualizacja", "ostatnia aktualizacja",
    "zveřejněno", "aktualizováno", "vydáno", "опубликовано", "обновлено", "дата публикации",
    "опубліковано", "оновлено", "yayınlanma", "yayınlandı", "güncelleme", "güncellendi", "giriş",
    "son güncelleme", "yayın tarihi", "نشر", "نشر في", "تاريخ النشر", "آخر تحديث", "تم النشر",
    "تم التحديث", "تحديث", "انتشار", "به روز شده", "प्रकाशित", "प्रकाशन", "अपडेट", "अपडेटेड",
    "अंतिम अपडेट", "প্রকাশিত", "প্রকাশ", "আপডেট", "diterbitkan", "diperbarui", "公開", "公開日", "更新",
    "更新日", "掲載", "配信", "发布", "发布时间", "发布于", "更新时间", "發布", "入力", "입력", "수정", "게시", "등록", "업데이트",
    "최종수정",
];

/// Every rule, checked in this order.
#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "published",
        place: Place::Edge,
        form: Form::Dated,
        words_max: 16,
        phrases: PUBLISHED,
    },
    Rule {
        name: "read also",
        place: Place::Anywhere,
        form: Form::Label,
        words_max: 40,
        phrases: READ_ALSO,
    },
    Rule {
        name: "read also",
        place: Place::Anywhere,
        form: Form::Whole,
        words_max: 6,
        phrases: READ_ALSO,
    },
    Rule {
        name: "share",
        place: Place::Anywhere,
        form: Form::Whole,
        words_max: 8,
        phrases: &[
            "share", "share this", "share this article", "share this story", "share on",
            "share on facebook", "share on twitter", "share on x", "share via", "copy link",
            "link copied", "print", "print this article", "email", "email this article", "save",
            "listen", "listen to this article", "comments", "comment", "leave a comment",
            "add a comment", "view comments", "show comments", "join the conversation", "tweet",
            "facebook", "twitter", "whatsapp", "telegram", "linkedin", "pinterest", "reddit",
            "teilen", "artikel teilen", "drucken", "merken", "kommentare", "kommentieren",
            "partager", "partager l'article", "commentaires", "imprimer", "compartir",
            "comentarios", "imprimir", "condividi", "commenti", "stampa", "compartilhar",
            "compartilhe", "partilhar", "comentários", "delen", "deel dit artikel", "reacties",
            "dela", "dela artikeln", "kommentarer", "del", "del artikel", "del artiklen", "jaa",
            "jaa artikkeli", "kommentit", "udostępnij", "komentarze", "поделиться", "комментарии",
            "поширити", "коментарі", "paylaş", "yorumlar", "sdílet", "شارك", "مشاركة",
            "شارك المقال", "التعليقات", "शेयर करें", "シェア", "シェアする", "分享", "分享到", "评论", "공유",
            "공유하기", "댓글",
        ],
    },
    Rule {
        name: "advertisement",
        place: Place::Anywhere,
        form: Form::Whole,
        words_max: 8,
        phrases: &[
            "advertisement", "advertisements", "ad", "ads", "sponsored", "sponsored content",
            "advertising", "story continues below advertisement", "article continues below",
            "article continues after advertisement", "story continues below",
            "article continues below advertisement", "continue reading below",
            "scroll to continue", "continue reading", "loading", "anzeige", "werbung", "publicité",
            "publicidad", "la suite après la publicité", "pubblicità", "publicidade",
            "continua após a publicidade", "continúa después de la publicidad", "advertentie",
            "annons", "annonse", "annonce", "mainos", "reklama", "реклама", "reklam", "إعلان",
            "विज्ञापन", "広告", "广告", "廣告", "광고", "iklan",
        ],
    },
    Rule {
        name: "follow us",
        place: Place::Anywhere,
        form: Form::Opens,
        words_max: 40,
        phrases: &[
            "follow us", "like us on", "join us on", "find us on", "connect with us",
            "stay connected with us", "stay up to date with our", "for more news, follow",
            "for the latest news, follow", "for all the latest", "catch all the latest",
            "get the latest news", "click here to follow", "join our whatsapp",
            "join our telegram", "download our app", "download the app", "get our app",
            "folgen sie uns", "folge uns", "folgt uns", "suivez-nous", "suivez nous",
            "retrouvez-nous", "rejoignez-nous", "síguenos", "síganos", "sigue nuestro",
            "únete a nuestro", "seguici", "siga-nos", "siga o nosso", "siga nosso", "volg ons",
            "följ oss", "følg oss", "følg os", "seuraa meitä", "obserwuj nas", "śledź nas",
            "подписывайтесь на", "подпишитесь на", "следите за нами", "присоединяйтесь к",
            "підписуйтесь на", "підписуйтеся на", "приєднуйтесь до", "bizi takip edin",
            "bizi takip et", "sledujte nás", "تابعونا", "تابعنا", "हमें फॉलो करें", "ikuti kami",
            "theo dõi chúng tôi", "フォローする", "フォローしてください", "关注我们", "關注我們",
        ],
    },
    Rule {
        name: "newsletter",
        place: Place::Anywhere,
        form: Form::Opens,
        words_max: 40,
        phrases: &[
            "subscribe to our", "subscribe now", "subscribe today", "sign up for our",
            "sign up to our", "sign up here", "sign up now", "get our newsletter", "get our daily",
            "join our newsletter", "to get our newsletter", "support our journalism",
            "you have successfully subscribed", "thank you for subscribing",
            "already a subscriber", "create an account", "log in to read", "log in to continue",
            "log in to comment", "by signing up, you agree", "by subscribing, you agree",
            "abonnieren sie unseren", "abonnieren sie den", "abonniere unseren",
            "jetzt abonnieren", "melden sie sich für unseren",
            "hier können sie unseren newsletter", "unser newsletter", "unseren newsletter",
            "newsletter abonnieren", "abonnez-vous à", "inscrivez-vous à", "recevez notre",
            "suscríbete a", "suscríbase a", "regístrate", "recibe nuestro", "iscriviti alla",
            "iscriviti al", "abbonati", "assine nossa", "assine nosso", "receba nossa",
            "inscreva-se", "schrijf je in", "meld je aan voor", "abonneer je", "prenumerera på",
            "anmäl dig till", "meld deg på", "abonner på", "tilmeld dig", "tilaa uutiskirje",
            "zapisz się na", "zapisz się do", "подпишитесь", "підпишіться", "bültenimize",
            "اشترك في", "اشترك الآن", "メルマガ", "订阅", "뉴스레터 구독",
        ],
    },
    Rule {
        name: "newsletter",
        place: Place::Anywhere,
        form: Form::Holds,
        words_max: 30,
        phrases: &[
            "subscribe for free", "kostenlos abonnieren", "gratis abonnieren",
            "subscreva gratuitamente", "suscríbete gratis", "iscriviti gratis",
        ],
    },
    Rule {
        name: "copyright",
        place: Place::Edge,
        form: Form::Opens,
        words_max: 40,
        phrases: &[
            "©", "(c) 20", "copyright", "all rights reserved", "alle rechte vorbehalten",
            "tous droits réservés", "todos los derechos reservados", "tutti i diritti riservati",
            "riproduzione riservata", "© riproduzione riservata", "todos os direitos reservados",
            "alle rechten voorbehouden", "wszelkie prawa zastrzeżone", "все права защищены",
            "всі права захищені", "tüm hakları saklıdır", "جميع الحقوق محفوظة", "無断転載", "版权所有",
            "版權所有", "저작권자", "무단전재",
        ],
    },
    Rule {
        name: "paywall",
        place: Place::Anywhere,
        form: Form::Holds,
        words_max: 40,
        phrases: &[
            "la suite est réservée aux abonnés", "article réservé aux abonnés",
            "to continue reading this article", "subscribe to continue reading",
            "subscribe to read the full", "this article is for subscribers",
            "this content is for subscribers", "this story is for subscribers",
            "dieser artikel ist exklusiv für", "weiterlesen mit einem abo",
            "jetzt weiterlesen mit", "artículo solo para suscriptores",
            "contenido exclusivo para suscriptores", "contenuto riservato agli abbonati",
            "conteúdo exclusivo para assinantes", "alleen voor abonnees",
            "endast för prenumeranter", "kun for abonnenter", "artykuł tylko dla subskrybentów",
            "доступен только подписчикам", "この記事は有料会員限定",
        ],
    },
    Rule {
        name: "appeal",
        place: Place::Anywhere,
        form: Form::Opens,
        words_max: 45,
        phrases: &[
            "sharing is caring", "like this story?", "like this article?", "did you like this",
            "did you enjoy this", "if you enjoyed this", "if you liked this",
            "enjoyed this article?", "support independent journalism", "support our work",
            "please consider donating", "hat ihnen dieser artikel gefallen",
            "hat dir der artikel gefallen", "unterstützen sie uns", "unterstütze uns",
            "vous avez aimé cet article", "soutenez-nous", "¿te ha gustado", "te gustó este",
            "ti è piaciuto", "gostou desta", "gostou do artigo", "понравилась статья",
            "сподобалася стаття", "поддержите нашу работу", "поддержите нас", "поддержать нас",
            "сделать пожертвование", "підтримайте нас",
        ],
    },
    Rule {
        name: "embed",
        place: Place::Anywhere,
        form: Form::Opens,
        words_max: 45,
        phrases: &[
            "externer inhalt", "empfohlener redaktioneller inhalt", "an dieser stelle finden sie",
            "an dieser stelle befindet sich ein", "um diesen inhalt anzuzeigen",
            "ich bin damit einverstanden, dass mir externe inhalte",
            "this content is not available", "this video is not available", "video unavailable",
            "your browser does not support", "please enable javascript",
            "to view this video please", "ce contenu est bloqué",
            "ce contenu n'est pas disponible", "este contenido no está disponible",
            "i would like to be emailed", "i would like to receive", "please enter a valid email",
            "by submitting my information",
        ],
    },
    Rule {
        name: "contributed",
        place: Place::Tail,
        form: Form::Holds,
        words_max: 45,
        phrases: &[
            "contributed to this report",
            "contributed to this story",
            "contributed to this article",
            "contributed reporting",
            "contributed to this piece",
        ],
    },
    Rule {
        name: "makers",
        place: Place::Tail,
        form: Form::Label,
        words_max: 20,
        phrases: &[
            "redaktion", "mitarbeit", "faktencheck", "redigatur", "edited by", "editor", "editing",
            "translated by", "fact-check", "produced by", "traduction", "traducción", "traduzione",
            "vertaling", "översättning", "редактор", "переклад", "перевод",
        ],
    },
    Rule {
        name: "translated",
        place: Place::Edge,
        form: Form::Opens,
        words_max: 45,
        phrases: &[
            "dies ist eine maschinelle übersetzung", "dieser text wurde maschinell übersetzt",
            "dieser artikel wurde aus dem", "this article was translated",
            "this story was translated", "this article has been translated",
            "read this article in", "read this story in", "cet article a été traduit",
            "este artículo fue traducido", "este artículo ha sido traducido",
        ],
    },
    Rule {
        name: "syndicated",
        place: Place::Edge,
        form: Form::Holds,
        words_max: 45,
        phrases: &[
            "from a syndicated feed", "has not been edited by", "auto-generated from",
            "published from a wire", "from an agency feed", "without modifications to the text",
            "this article was originally published", "diese meldung wurde automatisch",
            "this story was originally published",
        ],
    },
    Rule {
        name: "contact",
        place: Place::Tail,
        form: Form::Opens,
        words_max: 35,
        phrases: &[
            "reporting by", "editing by", "writing by", "compiled by", "click here to",
            "click here for", "to comment on this", "have a story", "do you have a story",
            "got a tip", "send us", "contact us", "write to us", "for more information, visit",
            "this article first appeared", "the views expressed",
        ],
    },
];

/// The first rule that a line breaks. `from_start` and `from_end` count the paragraphs before and
/// after it.
pub(super) fn broken(line: &str, from_start: usize, from_end: usize) -> Option<&'static Rule> {
    let words = line.split_whitespace().take(WORDS_MAX + 1).count();
    if words > WORDS_MAX || line.len() > 600 {
        return None;
    }
    // A Turkish capital İ is i with a dot of its own in lowercase.
    let line = line.trim_matches(is_mark_around).to_lowercase();
    let line = line.replace("i\u{307}", "i");
    RULES.iter().find(|rule| {
        let is_here = match rule.place {
            Place::Tail => from_end < TAIL,
            Place::Edge => from_start < HEAD || from_end < TAIL,
            Place::Anywhere => true,
        };
        is_here
            && words <= rule.words_max
            && rule
                .phrases
                .iter()
                .any(|phrase| has_form(&line, phrase, rule.form))
    })
}

fn is_mark_around(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '(' | ')'
                | '['
                | ']'
                | '>'
                | '»'
                | '›'
                | '→'
                | '▶'
                | '►'
                | '•'
                | '*'
                | '-'
                | '–'
                | '—'
                | '|'
                | '+'
                | '■'
                | '▼'
                | '↓'
                | '👉'
        )
}

fn has_form(line: &str, phrase: &str, form: Form) -> bool {
    if form == Form::Holds {
        return line.contains(phrase);
    }
    let Some(rest) = line.strip_prefix(phrase) else {
        return false;
    };
    let is_word_end =
        !rest.starts_with(char::is_alphanumeric) || phrase.ends_with(|c: char| c > '\u{2e80}');
    let is_alone = !rest.chars().any(char::is_alphanumeric);
    match form {
        Form::Whole => is_alone,
        Form::Opens => is_word_end,
        Form::Label => {
            is_word_end
                && (is_label_end(rest) || (rest.ends_with(':') && phrase.len() >= OPENS_LIST_MIN))
        }
        Form::Dated => is_alone || (is_word_end && (is_all_date(rest) || is_all_time(rest))),
        Form::Holds => false,
    }
}

/// Bytes of a phrase that with a colon at the line's end announces a list; shorter ones ("popular",
/// "recommended") announce lists of the story.
const OPENS_LIST_MIN: usize = 12;

/// A colon or an arrow, or a dash with a space before it: "read-along" is a word.
fn is_label_end(rest: &str) -> bool {
    let after = rest.trim_start();
    after.starts_with([':', '：', '|', '>', '»', '▶'])
        || (after.len() < rest.len() && after.starts_with(['-', '–', '—', '/']))
}

/// Whether a text is a date and a time and no more: a sentence about a date has other words.
pub(super) fn is_all_date(text: &str) -> bool {
    is_mostly_digits(text) && crate::metadata::holds_date(text)
}

/// Whether a text is a time of day and no more.
/// Whether a line is a time of day and nothing else, as above each entry of a live blog.
pub(super) fn is_clock(line: &str) -> bool {
    line.len() <= 8
        && line
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'.' || byte == b'h')
        && is_all_time(line)
}

fn is_all_time(text: &str) -> bool {
    let is_time = |window: &[u8]| matches!(window, [a, b':' | b'.' | b'h', c, d] if [a, c, d].iter().all(|digit| digit.is_ascii_digit()));
    is_mostly_digits(text) && text.as_bytes().windows(4).any(is_time)
}

fn is_mostly_digits(text: &str) -> bool {
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    digits >= 2 && letters <= digits * 3 + 4 && text.len() <= 120
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, wanted: &str) {
        assert_eq!(
            broken(line, 10, 10).map_or("", |rule| rule.name),
            wanted,
            "{line}"
        );
    }

    #[track_caller]
    fn check_at_the_end(line: &str, wanted: &str) {
        assert_eq!(
            broken(line, 10, 0).map_or("", |rule| rule.name),
            wanted,
            "{line}"
        );
    }

    #[test]
    fn published() {
        for line in [
            "Published",
            "Updated: 5 May 2025, 10:15",
            "Uppdaterad 15.59 | Publicerad 14.14",
            "Published On 5 May 2025",
            "Veröffentlicht am 05.05.2025 um 10:15 Uhr",
            "Publié le 5 mai 2025 à 10h15",
            "Опубликовано 5 мая 2025",
            "更新 2025年5月5日",
            "تاريخ النشر: 5 مايو 2025",
        ] {
            check_at_the_end(line, "published");
            check(line, "");
        }
        check_at_the_end(
            "Published in 2025, the book sold a million copies in its first year.",
            "",
        );
        check_at_the_end(
            "Updated figures were published on 5 May 2025 by the ministry.",
            "",
        );
    }

    #[test]
    fn read_also() {
        for line in [
            "Read also",
            "READ MORE: Storm hits coast",
            "Lesen Sie auch:",
            "Lire aussi : La tempête",
            "Читайте также: Шторм",
            "اقرأ أيضا: العاصفة",
            "関連記事",
            "यह भी पढ़ें: तूफान",
            "Lees ook: Storm",
            "> Leggi anche: La tempesta",
        ] {
            check(line, "read also");
        }
        check(
            "Read also the fine print, officials said, before you sign a contract with any of the firms.",
            "",
        );
        check(
            "Watch the skies, the agency told residents of the valley.",
            "",
        );
        check("Read-along features", "");
        check("Related cases were found in three villages.", "");
    }

    #[test]
    fn share() {
        check("Share this article", "share");
        check("Teilen", "share");
        check("شارك", "share");
        check("Share prices fell", "");
    }

    #[test]
    fn advertisement() {
        check("- Advertisement -", "advertisement");
        check("Anzeige", "advertisement");
        check("Anzeige gegen Unbekannt", "");
    }

    #[test]
    fn follow_us() {
        check("Follow us on Twitter and Facebook", "follow us");
        check("Подписывайтесь на наш канал", "follow us");
        check("Follow usage of water closely, the board said.", "");
    }

    #[test]
    fn newsletter() {
        check(
            "Subscribe to our newsletter for the best stories of the week.",
            "newsletter",
        );
        check("Abonnieren Sie unseren Newsletter", "newsletter");
        check(
            "Subscribers to newsletters rose by a third, the survey found.",
            "",
        );
        check(
            "Readers were told to subscribe to our newsletter by the paper, which has since apologised.",
            "",
        );
    }

    #[test]
    fn copyright() {
        check_at_the_end("© 2025 The Daily Paper. All rights reserved.", "copyright");
        check_at_the_end("Alle Rechte vorbehalten.", "copyright");
        check("Copyright law is changing, and authors want a say.", "");
    }

    #[test]
    fn paywall() {
        check(
            "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.",
            "paywall",
        );
        check("Subscribers pay more, the paper said.", "");
    }

    #[test]
    fn appeal() {
        check(
            "Hat Ihnen dieser Artikel gefallen? Dann unterstützen Sie uns.",
            "appeal",
        );
        check("Sharing is caring!", "appeal");
    }

    #[test]
    fn embed() {
        check("Externer Inhalt nicht verfügbar", "embed");
    }

    #[test]
    fn contributed() {
        check_at_the_end(
            "Associated Press writers Ada Low and Bo Ek contributed to this report.",
            "contributed",
        );
        check(
            "The rain contributed to this report of a record harvest.",
            "",
        );
    }

    #[test]
    fn makers() {
        check_at_the_end("Redaktion: Ada Low", "makers");
        check("Editor: a word for many jobs, and none of them easy.", "");
    }

    #[test]
    fn translated() {
        check_at_the_end("This article was translated from Spanish.", "translated");
    }

    #[test]
    fn syndicated() {
        check_at_the_end(
            "(Except for the headline, this story has not been edited by our staff and is published from a syndicated feed.)",
            "syndicated",
        );
    }

    #[test]
    fn contact() {
        check_at_the_end("(Reporting by Ada Low; Editing by Bo Ek)", "contact");
        check("Reporting by local people saved lives.", "");
    }
}
