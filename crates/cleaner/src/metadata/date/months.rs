//! Names of the months in many languages.

/// The number of a month by its name in lowercase, from 1.
pub(super) fn month(name: &str) -> Option<u32> {
    name.chars().nth(1)?;
    MONTHS
        .iter()
        .position(|names| names.split(' ').any(|known| known == name))
        .map(|at| at as u32 + 1)
}

/// Names of the months, lowercase: en de fr es it pt ca nl sv no da fi is pl cs sk hr sl ro hu ru uk
/// bg sr el tr id vi ar fa ur he hi bn ta, long and short.
const MONTHS: [&str; 12] = [
    "january jan januar jänner jän janvier janv enero ene gennaio gen janeiro gener januari tammikuu tammikuuta janúar stycznia styczeń sty ledna leden led januára január siječnja siječanj januarja ianuarie ian januári января январь янв января́ січня січень січ януари јануар јануара ιανουαρίου ιανουάριος ιαν ocak oca يناير ژانویه جنوری ינואר बजे जनवरी জানুয়ারি ஜனவரி kanunusani كانون",
    "february feb februar feber février févr fév fevrier febrero febbraio fevereiro fev febrer februari helmikuu helmikuuta febrúar lutego luty lut února únor úno februára február veljače veljača februarja februarie феврaль февраля февраль фев лютого лютий лют февруари фебруар φεβρουαρίου φεβ şubat şub فبراير شباط فوریه فروری פברואר फरवरी ফেব্রুয়ারি பிப்ரவரி",
    "march mar märz mär maerz mrz mars marzo março marco març maart mrt maaliskuu maaliskuuta marts marca marzec března březen bře ožujka ožujak martie március марта март мар березня березень бер μαρτίου mart مارس آذار مارچ מרץ मार्च মার্চ மார்ச் maret",
    "april apr avril avr abril abr aprile huhtikuu huhtikuuta apríl kwietnia kwiecień kwi dubna duben dub apríla travnja travanj aprilie április апреля апрель апр квітня квітень кві април απριλίου nisan nis أبريل ابريل إبريل نيسان آوریل اپریل אפריל अप्रैल এপ্রিল ஏப்ரல்",
    "may mai mayo maggio mag maio maig mei maj toukokuu toukokuuta maí maja května květen kvě mája máj svibnja svibanj május мая май травня травень тра мај маја μαΐου mayıs مايو أيار ماي مه مئی מאי मई মে மே",
    "june jun juni juin junio giugno giu junho juny kesäkuu kesäkuuta júní czerwca czerwiec cze června červen čvn júna jún lipnja lipanj junija iunie június июня июнь июн червня червень чер юни јун јуна ιουνίου haziran haz يونيو حزيران جوان ژوئن جون יוני जून জুন ஜூன்",
    "july jul juli juillet juil julio luglio lug julho juliol heinäkuu heinäkuuta júlí lipca lipiec lip července červenec čvc júla júl srpnja srpanj julija iulie július июля июль июл липня липень лип юли јул јула ιουλίου temmuz tem يوليو تموز ژوئیه جولائی יולי जुलाई জুলাই ஜூலை",
    "august aug août aout agosto ago agost augusti augustus elokuu elokuuta ágúst sierpnia sierpień sie srpna srpen srp augusta kolovoza kolovoz avgusta avgust augusztus августа август авг серпня серпень сер αυγούστου ağustos ağu أغسطس اغسطس آب اوت اگست אוגוסט अगस्त আগস্ট ஆகஸ்ட் agustus",
    "september sep sept septembre septiembre setiembre settembre set setembro setembre syyskuu syyskuuta września wrzesień wrz září zář septembra rujna rujan septembrie szeptember сентября сентябрь сен сент вересня вересень вер септември септембар септембра σεπτεμβρίου eylül eyl سبتمبر أيلول سپتامبر ستمبر ספטמבר सितंबर सितम्बर সেপ্টেম্বর செப்டம்பர்",
    "october oct oktober okt octobre octubre ottobre ott outubro out lokakuu lokakuuta október października październik paź října říjen říj októbra oktobra octombrie октября октябрь окт жовтня жовтень жов октомври октобар октобра οκτωβρίου ekim eki أكتوبر اكتوبر تشرين اکتبر اکتوبر אוקטובר अक्टूबर অক্টোবর அக்டோபர்",
    "november nov novembre noviembre novembro marraskuu marraskuuta nóvember listopada listopad lis listopadu novembra studenoga studeni noiembrie ноября ноябрь ноя листопада листопад лис ноември новембар новембра νοεμβρίου kasım kas نوفمبر نوامبر نومبر נובמבר नवंबर नवम्बर নভেম্বর நவம்பர்",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro desembre joulukuu joulukuuta desember des grudnia grudzień gru prosince prosinec pro decembra prosinca prosinac decembrie декабря декабрь дек грудня грудень гру декември децембар децембра δεκεμβρίου aralık ara ديسمبر دسامبر دسمبر דצמבר दिसंबर दिसम्बर ডিসেম্বর டிசம்பர்",
];
