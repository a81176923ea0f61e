//! Words that are figures: numbers written out, and the days of the week.
//!
//! "Three" for "five" is another fact as "3" for "5" is, and so is a Tuesday for a Monday, though
//! most languages write them like any other word. Both spellings of a number are one word.

use std::sync::LazyLock;

/// Numbers, and the words for them but those that mean something commoner in another language (the
/// Spanish "once", the French "sept" that is September elsewhere). Above a hundred each row is a
/// day, Monday first.
const FIGURES: &[(u32, &str)] = &[
    (1, "one eins один одна एक واحد אחד"),
    (
        2,
        "two zwei deux dois duas due twee två dwa dwie dwóch dva dvě doi două два две двух двум двое дві двох iki kaksi dua mbili kettő két δύο اثنان اثنين اثنتين שניים שתיים שתי दो দুই দুটি இரண்டு دو الثانية",
    ),
    (
        3,
        "three drei trois tres três tre drie trzy trzech trei tři три трёх трем трое трьох üç kolme tiga tatu három τρεις τρία ثلاثة ثلاث שלושה שלוש तीन তিন তিনটি மூன்று تین سه الثالثة",
    ),
    (
        4,
        "four vier quatre cuatro quatro quattro fyra cztery czterech patru čtyři четыре четырёх четверо чотири чотирьох dört neljä empat nne négy τέσσερις τέσσερα أربعة أربع ארבעה ארבע चार চার চারটি நான்கு چار چهار الرابعة",
    ),
    (
        5,
        "five fünf cinq cinco cinque vijf fem pięć pięciu cinci pět пять пяти пятеро п'ять п'яти beş viisi lima tano πέντε خمسة خمس חמישה חמש पांच पाँच পাঁচ ஐந்து پانچ پنج الخامسة",
    ),
    (
        6,
        "six sechs seis sei zes sześć sześciu șase šest шесть шести шість altı kuusi enam sita έξι ستة ست שישה שש छह छः ছয় ஆறு چھ شش السادسة",
    ),
    (
        7,
        "seven sieben siete sete sette zeven sju syv siedem siedmiu șapte sedm семь семи сім yedi seitsemän tujuh saba επτά εφτά سبعة سبع שבעה שבע सात সাত ஏழு سات هفت السابعة",
    ),
    (
        8,
        "eight acht huit ocho oito otto åtta otte osiem ośmiu opt osm восемь восьми вісім sekiz kahdeksan delapan nane nyolc οκτώ οχτώ ثمانية ثماني שמונה आठ আট எட்டு آٹھ هشت الثامنة",
    ),
    (
        9,
        "nine neun neuf nueve nove negen nio dziewięć dziewięciu nouă devět девять девяти дев'ять dokuz yhdeksän sembilan tisa kilenc εννέα εννιά تسعة تسع תשעה תשע नौ ஒன்பது نو التاسعة",
    ),
    (
        10,
        "ten zehn dix diez dez dieci tien tio dziesięć dziesięciu zece deset десять десяти kymmenen sepuluh kumi δέκα عشرة عشر עשרה עשר दस দশ பத்து دس ده العاشرة",
    ),
    (
        11,
        "eleven elf onze undici elva elleve jedenaście одиннадцать одиннадцати одинадцять ग्यारह",
    ),
    (
        12,
        "twelve zwölf douze doce doze dodici twaalf tolv dwanaście двенадцать двенадцати дванадцять बारह",
    ),
    (13, "thirteen dreizehn treize trece treze tredici dertien"),
    (14, "fourteen vierzehn quatorze catorce catorze veertien"),
    (15, "fifteen fünfzehn quinze quince quindici vijftien"),
    (16, "sixteen sechzehn seize sedici zestien"),
    (17, "seventeen siebzehn diciassette zeventien"),
    (18, "eighteen achtzehn diciotto achttien"),
    (19, "nineteen neunzehn diciannove negentien"),
    (
        20,
        "twenty zwanzig vingt veinte vinte venti twintig двадцать двадцати двадцять बीस",
    ),
    (
        30,
        "thirty dreißig trente treinta trinta trenta dertig тридцать тридцати",
    ),
    (
        40,
        "forty vierzig quarante cuarenta quarenta quaranta veertig сорок сорока",
    ),
    (
        50,
        "fifty fünfzig cinquante cincuenta cinquenta cinquanta vijftig пятьдесят पचास",
    ),
    (
        60,
        "sixty sechzig soixante sesenta sessenta sessanta zestig шестьдесят",
    ),
    (70, "seventy siebzig setenta settanta zeventig семьдесят"),
    (
        80,
        "eighty achtzig ochenta oitenta ottanta tachtig восемьдесят",
    ),
    (90, "ninety neunzig noventa novanta negentig девяносто"),
    (
        101,
        "monday montag lundi lunes lunedì maandag måndag mandag poniedziałek poniedziałku pondělí luni понедельник понедельника понедельнику понеділок понеділка pazartesi maanantai maanantaina senin jumatatu hétfő hétfőn Δευτέρα الاثنين الإثنين دوشنبه پیر सोमवार সোমবার திங்கட்கிழமை திங்கள்கிழமை 월요일 월요일에 월요일은 월요일까지 월요일부터",
    ),
    (
        102,
        "tuesday dienstag mardi martes martedì dinsdag tisdag tirsdag wtorek wtorku úterý marți вторник вторника вторнику вівторок вівторка salı tiistai tiistaina selasa jumanne kedd kedden Τρίτη الثلاثاء שלישי سه‌شنبه منگل मंगलवार মঙ্গলবার செவ்வாய்க்கிழமை 화요일 화요일에 화요일은 화요일까지 화요일부터",
    ),
    (
        103,
        "wednesday mittwoch mercredi miércoles mercoledì woensdag onsdag środa środę środy středa středu miercuri среда среду среды среде середа середу çarşamba keskiviikko keskiviikkona rabu jumatano szerda szerdán Τετάρτη الأربعاء רביעי چهارشنبه بدھ बुधवार বুধবার புதன்கிழமை 수요일 수요일에 수요일은 수요일까지 수요일부터",
    ),
    (
        104,
        "thursday donnerstag jeudi jueves giovedì donderdag torsdag czwartek czwartku čtvrtek čtvrtku joi четверг четверга четвергу четвер perşembe torstai torstaina kamis alhamisi csütörtök csütörtökön Πέμπτη الخميس חמישי پنجشنبه جمعرات गुरुवार बृहस्पतिवार বৃহস্পতিবার வியாழக்கிழமை 목요일 목요일에 목요일은 목요일까지 목요일부터",
    ),
    (
        105,
        "friday freitag vendredi viernes venerdì vrijdag fredag piątek piątku pátek pátku vineri пятница пятницу пятницы пятнице п'ятниця п'ятницю cuma perjantai perjantaina jumat ijumaa péntek pénteken Παρασκευή الجمعة שישי جمعه शुक्रवार শুক্রবার வெள்ளிக்கிழமை 금요일 금요일에 금요일은 금요일까지 금요일부터",
    ),
    (
        106,
        "saturday samstag sonnabend samedi sábado sabato zaterdag lördag lørdag sobota sobotę soboty sobotu sâmbătă суббота субботу субботы субботе субота суботу cumartesi lauantai lauantaina sabtu jumamosi szombat szombaton Σάββατο السبت שבת شنبه ہفتہ शनिवार শনিবার சனிக்கிழமை 토요일 토요일에 토요일은 토요일까지 토요일부터",
    ),
    (
        107,
        "sunday sonntag dimanche domingo domenica zondag söndag søndag niedziela niedzielę niedzieli neděle neděli duminică воскресенье воскресенья воскресенью неділя неділю pazar sunnuntai sunnuntaina jumapili vasárnap Κυριακή الأحد ראשון یکشنبه اتوار रविवार রবিবার ஞாயிற்றுக்கிழமை 일요일 일요일에 일요일은 일요일까지 일요일부터",
    ),
];

/// Days where words have no spaces between them, Monday first.
const DAYS_UNSPACED: [&str; 7] = [
    "星期一 周一 週一 礼拜一 禮拜一 月曜 วันจันทร์",
    "星期二 周二 週二 礼拜二 禮拜二 火曜 วันอังคาร",
    "星期三 周三 週三 礼拜三 禮拜三 水曜 วันพุธ",
    "星期四 周四 週四 礼拜四 禮拜四 木曜 วันพฤหัส",
    "星期五 周五 週五 礼拜五 禮拜五 金曜 วันศุกร์",
    "星期六 周六 週六 礼拜六 禮拜六 土曜 วันเสาร์",
    "星期日 星期天 周日 週日 礼拜天 禮拜天 日曜 วันอาทิตย์",
];

/// A day that a text without spaces begins with, and its bytes.
pub(crate) fn day(text: &str) -> Option<(u32, usize)> {
    let first = text.chars().next()?;
    if !"星周週礼禮月火水木金土日ว".contains(first) {
        return None;
    }
    let rows = (FIRST_DAY..).zip(DAYS_UNSPACED);
    rows.into_iter().find_map(|(value, words)| {
        let word = words.split(' ').find(|word| text.starts_with(word))?;
        Some((value, word.len()))
    })
}

/// What Monday is among the figures.
pub(crate) const FIRST_DAY: u32 = 101;

/// Every word comes by here: a bit for each hash tells that most are none of these.
struct Figures {
    bits: [u64; BITS / 64],
    by_hash: Vec<(u64, u32)>,
}

const BITS: usize = 1 << 14;

static TABLE: LazyLock<Figures> = LazyLock::new(|| {
    let mut table = Figures {
        bits: [0; BITS / 64],
        by_hash: Vec::new(),
    };
    for &(value, words) in FIGURES {
        for word in words.split(' ') {
            let hash = crate::words::hash_of_word(word);
            let bit = hash as usize % BITS;
            table.bits[bit / 64] |= 1 << (bit % 64);
            table.by_hash.push((hash, value));
        }
    }
    table.by_hash.sort_unstable();
    table
});

/// What a folded word with this hash means, if it is a figure.
pub(crate) fn figure(hash: u64) -> Option<u32> {
    let table = &*TABLE;
    let bit = hash as usize % BITS;
    if table.bits[bit / 64] & 1 << (bit % 64) == 0 {
        return None;
    }
    let at = table.by_hash.partition_point(|row| row.0 < hash);
    table
        .by_hash
        .get(at)
        .filter(|row| row.0 == hash)
        .map(|row| row.1)
}
