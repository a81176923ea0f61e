//! News agencies and the names they sign with.

/// An agency's short name, then every form it signs with, lowercase.
#[rustfmt::skip]
const AGENCIES: &[(&str, &[&str])] = &[
    (
        "AFP",
        &[
            "afp", "agence france-presse", "agence france presse", "فرانس برس", "ا ف ب", "أ ف ب",
            "أ.ف.ب", "法新社", "अफपी", "एएफपी", "афп", "франс пресс",
        ],
    ),
    (
        "AP",
        &[
            "ap", "a.p.", "associated press", "the associated press", "ap news", "أسوشيتد برس",
            "美联社", "ассошиэйтед пресс", "एपी", "ap通信", "ap通訊",
        ],
    ),
    (
        "Reuters",
        &[
            "reuters", "thomson reuters", "thomson reuters foundation", "reuter", "رويترز", "路透社",
            "路透", "ロイター", "рейтер", "рейтерс", "로이터", "रॉयटर्स", "रायटर",
        ],
    ),
    ("ANI", &["ani", "asian news international", "एएनआई"]),
    ("PTI", &["pti", "press trust of india", "पीटीआई", "भाषा"]),
    (
        "IANS",
        &[
            "ians",
            "indo-asian news service",
            "indo asian news service",
            "आईएएनएस",
        ],
    ),
    ("UNI", &["uni", "united news of india", "यूएनआई", "वार्ता"]),
    (
        "dpa",
        &[
            "dpa",
            "deutsche presse-agentur",
            "dpa-afx",
            "dpa infocom",
            "german press agency",
        ],
    ),
    ("APA", &["apa", "austria presse agentur"]),
    (
        "SDA",
        &[
            "sda",
            "keystone-sda",
            "ats",
            "keystone-ats",
            "schweizerische depeschenagentur",
        ],
    ),
    ("epd", &["epd", "evangelischer pressedienst"]),
    ("KNA", &["kna", "katholische nachrichten-agentur"]),
    ("SID", &["sid", "sport-informations-dienst"]),
    (
        "Xinhua",
        &[
            "xinhua", "xinhua news agency", "新华社", "新華社", "新华网", "शिन्हुआ", "синьхуа", "شينخوا",
        ],
    ),
    ("TASS", &["tass", "itar-tass", "тасс", "итар-тасс", "تاس"]),
    ("RIA Novosti", &["ria novosti", "ria", "риа новости", "риа"]),
    (
        "Interfax",
        &[
            "interfax",
            "интерфакс",
            "interfax-ukraine",
            "інтерфакс-україна",
        ],
    ),
    ("Ukrinform", &["ukrinform", "укрінформ", "укринформ"]),
    ("EFE", &["efe", "agencia efe"]),
    ("Europa Press", &["europa press", "europapress"]),
    ("ANSA", &["ansa"]),
    ("AGI", &["agi"]),
    ("Adnkronos", &["adnkronos"]),
    ("Lusa", &["lusa", "agência lusa"]),
    ("Agência Brasil", &["agência brasil", "agencia brasil"]),
    ("Belga", &["belga"]),
    ("ANP", &["anp"]),
    ("TT", &["tt", "tt nyhetsbyrån"]),
    ("NTB", &["ntb"]),
    ("Ritzau", &["ritzau", "/ritzau/"]),
    ("STT", &["stt", "stt-lehtikuva"]),
    ("PAP", &["pap", "polska agencja prasowa"]),
    ("ČTK", &["čtk", "ctk"]),
    ("TASR", &["tasr"]),
    ("MTI", &["mti"]),
    ("HINA", &["hina"]),
    ("Tanjug", &["tanjug", "танјуг"]),
    ("BTA", &["bta", "бта"]),
    ("Agerpres", &["agerpres"]),
    ("ANA-MPA", &["ana-mpa", "απε-μπε", "αμπε"]),
    (
        "Anadolu",
        &[
            "anadolu", "anadolu agency", "anadolu ajansı", "aa", "anadolu ajansi", "الأناضول",
            "anka",
        ],
    ),
    ("DHA", &["dha", "demirören haber ajansı"]),
    ("İHA", &["iha", "i̇ha", "ihlas haber ajansı"]),
    ("APP", &["app", "associated press of pakistan"]),
    ("Pajhwok", &["pajhwok", "pajhwok afghan news", "پژواک"]),
    ("IRNA", &["irna", "ایرنا"]),
    ("ISNA", &["isna", "ایسنا"]),
    ("WAM", &["wam", "وام"]),
    ("SPA", &["spa", "saudi press agency", "واس"]),
    ("MENA", &["mena", "أ ش أ", "أ.ش.أ"]),
    (
        "Kyodo",
        &["kyodo", "kyodo news", "共同通信", "共同", "共同社"],
    ),
    ("Jiji", &["jiji", "jiji press", "時事通信", "時事"]),
    (
        "Yonhap",
        &[
            "yonhap",
            "yonhap news agency",
            "연합뉴스",
            "聯合ニュース",
            "韩联社",
        ],
    ),
    ("CNA", &["中央社"]),
    ("Antara", &["antara"]),
    ("Bernama", &["bernama"]),
    ("VNA", &["vna", "ttxvn"]),
    ("BSS", &["bss", "বাসস"]),
    ("UNB", &["unb", "ইউএনবি"]),
    ("AAP", &["aap", "australian associated press"]),
    ("PA", &["pa", "pa media", "press association"]),
    (
        "CP",
        &[
            "the canadian press",
            "canadian press",
            "la presse canadienne",
        ],
    ),
    ("UPI", &["upi", "united press international"]),
    ("Bloomberg", &["bloomberg", "bloomberg news"]),
    ("CNN", &["cnn", "cnn business", "cnn newsource", "cnn wire"]),
    ("NAN", &["nan", "news agency of nigeria"]),
];

/// The short name of the agency that signs with this name; None where it is no agency's.
pub(crate) fn agency_of(name: &str) -> Option<&'static str> {
    let name = name
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    AGENCIES
        .iter()
        .find(|(_, forms)| forms.contains(&name.as_str()))
        .map(|(short, _)| *short)
}
