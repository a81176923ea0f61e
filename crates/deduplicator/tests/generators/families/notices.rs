//! Notices whose only facts are a day, a number written out, or a few words that take turns.

use super::Family;

const NUMBERS: &str = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty-one|thirty-four";

pub const NOTICES: &[Family] = &[
    Family {
        name: "en/day only",
        form: "The mobile library will call at the village hall on {day} instead of its usual day, the county said. It stays from ten until noon, and books that were due can be brought back then without a fine.\n\nNew readers are asked to bring a proof of address. The van has a lift for wheelchairs and a corner for small children.",
        lists: &[(
            "day",
            "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
        )],
    },
    Family {
        name: "en/numbers in words",
        form: "Mountain rescuers were called out {number} times last month, the team said, and brought {number} walkers and {number} dogs off the hills. In {number} cases nobody was hurt; {number} people had to be taken to hospital.\n\nThe team reminds walkers to carry a map, a lamp and warm clothes, and to tell somebody where they are going and when they mean to be back.",
        lists: &[("number", NUMBERS)],
    },
    Family {
        name: "de/nur der Tag",
        form: "Der Wertstoffhof an der Lehmgrube bleibt am {tag} wegen einer Schulung geschlossen. Das teilt der Zweckverband mit. Sperrmüll kann an den übrigen Tagen wie gewohnt angeliefert werden.\n\nGrüngut wird nur in haushaltsüblichen Mengen angenommen. Wer einen Termin gebucht hat, wird telefonisch benachrichtigt.",
        lists: &[("tag", "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag")],
    },
    Family {
        name: "fr/trains",
        form: "La circulation sera réduite {jour} sur la branche ouest : {nombre} trains sur dix le matin, {nombre} sur dix le soir, et {nombre} autocars de remplacement entre les deux pointes.\n\nLes voyageurs sont invités à préparer leur trajet et à différer leurs déplacements quand cela leur est possible. Les billets restent échangeables sans frais.",
        lists: &[
            (
                "jour",
                "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
            ),
            ("nombre", "deux|trois|quatre|cinq|six|huit|neuf"),
        ],
    },
    Family {
        name: "nl/straten om de beurt",
        form: "De {straat} is vanaf {dag} dicht voor nieuw asfalt. Het werk duurt tot {dag}. Het verkeer rijdt om via de {straat}; fietsers kunnen door de {straat}.\n\nDe vuilniswagen komt deze week een dag later. Wie vragen heeft, belt met de gemeente. Als het regent, kan het werk langer duren.",
        lists: &[
            ("dag", "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag"),
            (
                "straat",
                "Weverstraat|Kerkdwarsweg|Oosterkade|Beukenlaan|Markthof|Schoolpad",
            ),
        ],
    },
    Family {
        name: "ru/только день",
        form: "Горячую воду в северных кварталах дадут в {день}, сообщили в тепловых сетях. До этого трубы промоют и проверят под давлением, поэтому вода первое время может быть мутной.\n\nЖителей просят закрыть краны и не оставлять без присмотра стиральные машины. О сбоях следует сообщать диспетчеру.",
        lists: &[(
            "день",
            "понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье",
        )],
    },
    Family {
        name: "ar/اليوم فقط",
        form: "أعلنت البلدية أن الحديقة العامة ستغلق أبوابها يوم {يوم} لرش الأشجار، على أن تفتح في صباح اليوم التالي كالمعتاد. وقالت إن المواد المستعملة لا تضر بالإنسان.\n\nوطلبت من السكان القريبين إغلاق النوافذ أثناء العمل وعدم ترك الأطفال في الشرفات، وشكرتهم على تعاونهم.",
        lists: &[("يوم", "الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت")],
    },
    Family {
        name: "hi/केवल दिन",
        form: "नगर पुस्तकालय में {दिन} को पुरानी किताबों की बिक्री होगी। पुस्तकालयाध्यक्ष ने बताया कि किताबें वजन के हिसाब से मिलेंगी और बच्चों की कहानियां अलग मेज पर रखी जाएंगी।\n\nपाठक अपने थैले साथ लाएं। बिक्री से जो पैसा आएगा, उससे नई अलमारियां खरीदी जाएंगी।",
        lists: &[("दिन", "सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार|रविवार")],
    },
    Family {
        name: "ko/요일만",
        form: "시립수영장은 {요일} 하루 물을 갈기 위해 문을 닫는다. 회원권의 기간은 하루 늘어나며 따로 신청하지 않아도 된다.\n\n체력단련실과 탁구장은 평소대로 연다. 수영장은 이번에 바닥의 금이 간 타일도 바꾸고 탈의실 사물함을 손본다고 밝혔다.",
        lists: &[("요일", "월요일|화요일|수요일|목요일|금요일|토요일|일요일")],
    },
    Family {
        name: "th/วันเดียว",
        form: "การประปาแจ้งหยุดจ่ายน้ำใน{วัน} ตั้งแต่เวลาเก้าโมงเช้าถึงบ่ายสามโมง เพื่อย้ายท่อหลบแนวสะพานใหม่ ขอให้ประชาชนสำรองน้ำไว้ใช้ล่วงหน้า\n\nหลังจากจ่ายน้ำแล้วน้ำอาจขุ่นในช่วงแรก ให้เปิดทิ้งไว้สักครู่ หากพบท่อแตกรั่วโปรดแจ้งเจ้าหน้าที่ได้ตลอดเวลา",
        lists: &[("วัน", "วันจันทร์|วันอังคาร|วันพุธ|วันพฤหัสบดี|วันศุกร์|วันเสาร์|วันอาทิตย์")],
    },
    Family {
        name: "zh/只有星期",
        form: "社区卫生站将于{日}上午为老人免费量血压、测血糖，请带好身份证和病历本，早晨空腹前来。医生会当场解释结果，需要复查的另约时间。\n\n行动不便的老人可以打电话预约上门。活动当天门口不能停车，请家属步行或者骑车接送。",
        lists: &[("日", "星期一|星期二|星期三|星期四|星期五|星期六|星期日")],
    },
    Family {
        name: "ja/曜日だけ",
        form: "市民会館の駐車場は{日}、舗装工事のため終日使えません。ご来館の際は電車やバスをご利用ください。車いすをご利用の方は裏口の職員にお声がけいただければご案内します。\n\n工事の間、大きな音が出ることがあります。ご理解とご協力をお願いいたします。",
        lists: &[("日", "月曜日|火曜日|水曜日|木曜日|金曜日|土曜日|日曜日")],
    },
];
