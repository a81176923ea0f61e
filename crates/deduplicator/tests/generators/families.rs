//! Forms: the same wording every time, other facts. None may ever be taken for a copy of another.

mod bulletins;
mod notices;
mod reports;

use super::Dice;

/// A form with gaps: `{12-99}` a number, `{place}` a word of the list of that name, `{place=}` the
/// word that the list gave before in this text.
pub struct Family {
    pub name: &'static str,
    pub form: &'static str,
    pub lists: &'static [(&'static str, &'static str)],
}

impl Family {
    pub fn fill(&self, dice: &mut Dice) -> String {
        let mut out = String::new();
        let mut said: Vec<(&str, &str)> = Vec::new();
        let mut rest = self.form;
        while let Some((before, after)) = rest.split_once('{') {
            let (gap, after) = after.split_once('}').expect("a closed gap");
            out.push_str(before);
            rest = after;
            if let Some((low, high)) = gap.split_once('-') {
                let (low, high) = (low.parse().expect("low"), high.parse().expect("high"));
                out.push_str(&dice.between(low, high).to_string());
            } else if let Some(name) = gap.strip_suffix('=') {
                let (_, word) = said
                    .iter()
                    .rev()
                    .find(|(of, _)| *of == name)
                    .expect("said before");
                out.push_str(word);
            } else {
                let (_, list) = self
                    .lists
                    .iter()
                    .find(|(of, _)| *of == gap)
                    .expect("a list");
                let words: Vec<&str> = list.split('|').collect();
                let word = *dice.pick(&words);
                said.push((gap, word));
                out.push_str(word);
            }
        }
        out.push_str(rest);
        out
    }
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Family> {
    [
        TOWN_PAGES,
        bulletins::BULLETINS,
        notices::NOTICES,
        reports::REPORTS,
    ]
    .into_iter()
    .flatten()
}

const TOWNS: &str = "Aldmere|Brackwater|Corvale|Dunsley|Eastholm|Farrowby|Gildenhurst|Harlow Sands|Inverlay|Jessop Hill|Kelsworth|Lanmoor|Merrowick|Northam Green|Otterburn Vale|Pellworth|Quenby|Rosedene|Stanmarsh|Tolverton";
const PEOPLE: &str = "Agnes Whitlow|Bertil Okonjo|Carys Penhale|Dmitri Vance|Ewa Lindqvist|Farid Nasser|Greta Holm|Hugo Marchetti|Imani Cole|Jonas Reuter|Katya Brandt|Luis Ferro|Mina Tanaka|Noel Abbott|Orla Keane|Pavel Dusek";
const DAYS: &str = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday";
const MONTHS: &str = "January|February|March|April|May|June|July|September|October|November";

const TOWN_PAGES: &[Family] = &[
    Family {
        name: "en/quake",
        form: "A magnitude {3-7}.{0-9} earthquake struck {3-90} kilometres off the coast of {town} on {day}, the geological survey said.\n\nThe quake hit at {1-12}.{10-59} local time at a depth of {5-200} kilometres. There were no immediate reports of casualties or damage, and no tsunami warning was issued.\n\nResidents in {town} said they felt shaking for several seconds. The region lies on a belt of seismic activity where quakes are frequent.",
        lists: &[("town", TOWNS), ("day", DAYS)],
    },
    Family {
        name: "en/recall",
        form: "{firm} is recalling {product} because they may contain pieces of {thing}, making them unsafe to eat.\n\nThe recall affects packs of {100-900}g with best before dates up to {1-28} {month}. Customers who have bought the product are advised not to eat it. Instead, return it to the store where it was bought for a full refund, with or without a receipt.\n\nNo other {firm=} products are known to be affected. The Food Standards Agency has published a notice that explains to customers why the product is being recalled and tells them what to do if they have bought it.",
        lists: &[
            (
                "firm",
                "Harvest Lane|Millbrook Farms|Old Orchard|Petit Coin|Sunrise Pantry|Tidewater Foods|Valley Crisp|Wren & Daughters|Alder Kitchen|Beacon Bakery",
            ),
            (
                "product",
                "oat biscuits|frozen peas|tomato soups|cheese slices|salted almonds|lentil crisps|mince pies|fish cakes|apple sauces|noodle bowls|chicken wraps",
            ),
            ("thing", "metal|plastic|glass|wood|rubber|stone|wire"),
            ("month", MONTHS),
        ],
    },
    Family {
        name: "en/horoscope",
        form: "{sign}: The Moon in {planet} asks you to slow down today and to listen before you answer. A message from {who} brings a question about {what}, and the honest reply is the short one. Money matters look steady until the weekend, but put off any large purchase. In the evening make time for someone who has waited for you. Lucky number: {2-99}. Lucky colour: {colour}.",
        lists: &[
            (
                "sign",
                "Aries|Taurus|Gemini|Cancer|Leo|Virgo|Libra|Scorpio|Sagittarius|Capricorn|Aquarius|Pisces",
            ),
            (
                "planet",
                "Mars|Venus|Saturn|Jupiter|Neptune|Uranus|Mercury|Pluto",
            ),
            (
                "who",
                "an old friend|a neighbour|your sister|a colleague|a former teacher|a cousin abroad",
            ),
            (
                "what",
                "work|travel|health|a shared debt|the house|a promise|school",
            ),
            (
                "colour",
                "blue|green|amber|crimson|silver|white|violet|ochre",
            ),
        ],
    },
    Family {
        name: "en/missing",
        form: "Police are growing increasingly concerned for the welfare of {person}, {15-89}, who is missing from {town}.\n\n{person=} was last seen in {street} at about {1-11}.{10-59}{half} on {day} and is described as {height}, of {build} build, with {hair} hair, and was last known to be wearing a {colour} coat, dark trousers and trainers.\n\nAnyone who has seen them or knows where they might be is asked to call 101, quoting incident {100-999} of {1-28} {month}. In an emergency always call 999.",
        lists: &[
            ("person", PEOPLE),
            ("town", TOWNS),
            ("day", DAYS),
            ("month", MONTHS),
            (
                "street",
                "Abbey Road|Canal Street|Foundry Lane|High Street|Mill Row|Station Approach|The Parade|Victoria Terrace",
            ),
            ("half", "am|pm"),
            ("height", "tall|short|of medium height"),
            ("build", "slim|heavy|stocky|athletic"),
            ("hair", "grey|long brown|short black|fair|curly red"),
            ("colour", "black|navy|green|beige|burgundy"),
        ],
    },
    Family {
        name: "en/sparse",
        form: "The {town} Farmers Market returns this {day} with stalls from more than thirty growers, bakers and makers from across the county. Visitors can expect fresh bread, local cheese, seasonal vegetables, honey, flowers and hot food, and there will be live music from noon and a craft table for children run by the Friends of the Library.\n\nEntry is free and dogs on leads are welcome. The County Council asks visitors to use the Park and Ride where they can, since spaces in the Market Square are limited. Stallholders who would like to take a pitch at a later market can write to the Markets Office at County Hall, where the team led by Councillor Ann Priddy will be pleased to help.",
        lists: &[("town", TOWNS), ("day", DAYS)],
    },
    Family {
        name: "de/verkehr",
        form: "Auf der Autobahn {2-99} ist es am {tag} zwischen den Anschlussstellen {ort} und {ort} zu einem schweren Unfall gekommen. Nach ersten Erkenntnissen der Polizei verlor ein {19-85}-jähriger Fahrer aus {ort} die Kontrolle über seinen Wagen und prallte gegen die Leitplanke.\n\nDer Mann wurde mit {schwere} Verletzungen in ein Krankenhaus gebracht. Den Sachschaden schätzt die Polizei auf rund {4-95}.000 Euro. Die Fahrbahn war für {2-6} Stunden gesperrt, es bildete sich ein Stau von {2-15} Kilometern Länge. Zeugen werden gebeten, sich bei der Autobahnpolizei zu melden.",
        lists: &[
            (
                "tag",
                "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag",
            ),
            (
                "ort",
                "Altenfurt|Birkenau|Dornheim|Eschwald|Finsterbach|Grünau|Hasselried|Kaltenberg|Lindach|Moosthal|Neukrug|Ostrode|Rehfelde|Steinach",
            ),
            (
                "schwere",
                "leichten|schweren|lebensgefährlichen|mittelschweren",
            ),
        ],
    },
    Family {
        name: "es/loteria",
        form: "El sorteo de la lotería celebrado este {dia} en {ciudad} ha dejado un primer premio de {2-90} millones de euros en el número {10000-99999}, vendido en la administración número {1-40} de {ciudad}.\n\nEl segundo premio ha correspondido al {10000-99999} y el tercero al {10000-99999}. Los reintegros son el {0-3}, el {4-6} y el {7-9}. Los premios se pueden cobrar desde mañana y caducan a los tres meses. El próximo sorteo se celebrará la semana que viene a la misma hora.",
        lists: &[
            (
                "dia",
                "lunes|martes|miércoles|jueves|viernes|sábado|domingo",
            ),
            (
                "ciudad",
                "Alarcón del Río|Benavides|Cervera Alta|Fuentesol|Lomas Verdes|Montalbo|Puerto Claro|San Telmo|Torrelaguna|Villanueva",
            ),
        ],
    },
    Family {
        name: "fr/meteo",
        form: "Ce {jour}, le temps sera {ciel} sur l'ensemble de la région de {ville}. Le matin, quelques bancs de brume se formeront dans les vallées, puis le soleil gagnera du terrain en cours de journée.\n\nLes températures minimales iront de {1-9} à {10-15} degrés, les maximales de {16-22} à {23-35} degrés. Le vent soufflera du {vent} avec des rafales jusqu'à {30-90} kilomètres par heure sur le littoral. Demain, peu de changement est attendu à {ville=}.",
        lists: &[
            (
                "jour",
                "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
            ),
            (
                "ciel",
                "nuageux|ensoleillé|pluvieux|orageux|couvert|variable|instable",
            ),
            (
                "ville",
                "Aubagnac|Bréville|Carsol|Doulens|Evrancy|Fontmaure|Givry-les-Eaux|Lantenay|Montrieu|Sauzet",
            ),
            ("vent", "nord|sud|nord-ouest|sud-est|ouest|nord-est"),
        ],
    },
    Family {
        name: "pt/concurso",
        form: "A prefeitura de {cidade} abriu concurso público com {5-300} vagas para o cargo de {cargo}. As inscrições podem ser feitas até o dia {1-28} de {mes} pela internet, e a taxa é de R$ {30-180}.\n\nO salário inicial é de R$ {1-9}.{100-999} para uma jornada de {20-44} horas semanais. As provas estão marcadas para o dia {1-28} de {mes} e terão questões de português, matemática e conhecimentos gerais. O concurso tem validade de dois anos e pode ser prorrogado uma vez por igual período.",
        lists: &[
            (
                "cidade",
                "Águas Claras|Boa Serra|Campo Belo|Dourados do Sul|Ferreiras|Itamoré|Jacutinga|Lagoa Alta|Monte Verde|Nova Ipê|Ouro Fino|Pedralva",
            ),
            (
                "cargo",
                "professor|enfermeiro|motorista|agente de saúde|auxiliar de cozinha|guarda municipal|engenheiro|fiscal",
            ),
            (
                "mes",
                "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro",
            ),
        ],
    },
    Family {
        name: "hi/gold",
        form: "{shahar} में {din} को सोने का भाव {50-90}{100-999} रुपये प्रति दस ग्राम रहा। चांदी का भाव {60-99}{100-999} रुपये प्रति किलो दर्ज किया गया। जानकारों का कहना है कि विदेशी बाजारों में {rukh} के कारण घरेलू कीमतों पर असर पड़ा है।\n\nबाजार के व्यापारियों के अनुसार त्योहार के मौसम में मांग बनी रहने की उम्मीद है। {shahar=} के सर्राफा संघ के अध्यक्ष {naam} ने बताया कि आने वाले दिनों में खरीदारी बढ़ सकती है और ग्राहक हल्के गहनों को पसंद कर रहे हैं।",
        lists: &[
            (
                "shahar",
                "रामगढ़|सूरतपुर|चंदननगर|भीमताल|कमलापुर|देवरिया|मोहनगंज|नीलगिरि|पटेलनगर|गोविंदपुर",
            ),
            ("din", "सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार"),
            ("rukh", "तेजी|गिरावट|सुस्ती|उथल-पुथल|मजबूती|कमजोरी"),
            (
                "naam",
                "राकेश वर्मा|सुनील जैन|अनिल गुप्ता|विजय सोनी|प्रकाश मेहता|दिनेश अग्रवाल|मोहन लाल|हरीश शाह",
            ),
        ],
    },
    Family {
        name: "hi/appointment",
        form: "{naam} को {vibhag} का नया निदेशक नियुक्त किया गया है। राज्य सरकार ने {din} को इस संबंध में आदेश जारी कर दिया। वे {naam} का स्थान लेंगे, जो पिछले महीने सेवानिवृत्त हुए थे।\n\nपदभार संभालने के बाद उन्होंने कहा कि विभाग के काम में पारदर्शिता लाना उनकी पहली प्राथमिकता होगी। वे इससे पहले {shahar} में जिलाधिकारी के पद पर काम कर चुके हैं। कर्मचारियों ने फूल देकर उनका स्वागत किया।",
        lists: &[
            (
                "naam",
                "राकेश वर्मा|सुनीता जैन|अनिल गुप्ता|विजया सोनी|प्रकाश मेहता|दिनेश अग्रवाल|मोहन लाल|हरीश शाह|कविता राव|नंदिनी मिश्रा",
            ),
            (
                "vibhag",
                "शिक्षा विभाग|स्वास्थ्य विभाग|सिंचाई विभाग|वन विभाग|परिवहन विभाग|कृषि विभाग",
            ),
            ("din", "सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार"),
            (
                "shahar",
                "रामगढ़|सूरतपुर|चंदननगर|भीमताल|कमलापुर|देवरिया|मोहनगंज|नीलगिरि",
            ),
        ],
    },
    Family {
        name: "ar/football",
        form: "فاز فريق {nadi} على ضيفه {nadi} بهدفين مقابل هدف في المباراة التي جمعت بينهما مساء {yawm} على ملعب {madina} ضمن الجولة الأخيرة من الدوري المحلي.\n\nوسجل {laib} الهدف الأول في الشوط الأول من ركلة جزاء قبل أن يضيف {laib} الهدف الثاني برأسية قوية. وقلص {laib} الفارق في الدقائق الأخيرة من عمر اللقاء. وقال المدرب بعد المباراة إن فريقه قدم أداء جيدا واستحق النقاط الثلاث أمام جمهوره الكبير.",
        lists: &[
            (
                "nadi",
                "الشعلة|النسور|الوحدة|الساحل|الفجر|البرق|الميناء|الصقور|الهضبة|الواحة",
            ),
            ("yawm", "السبت|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة"),
            ("madina", "الزهراء|القادسية|السلام|المروج|الياسمين|النخيل"),
            (
                "laib",
                "سامر حداد|يوسف منصور|كريم عواد|طارق النجار|عماد شاهين|وليد قاسم|باسم درويش|رامي الخطيب",
            ),
        ],
    },
    Family {
        name: "zh/obituary",
        form: "著名{zhiye}{xingming}因病于{riqi}在{chengshi}逝世，享年{suishu}岁。{xingming=}早年毕业于{chengshi}大学，长期从事教学和研究工作，培养了大批青年人才，深受同行和学生的尊敬。\n\n遗体告别仪式将于{riqi}上午在{chengshi=}殡仪馆举行。家属表示，遵照逝者生前的愿望，丧事从简，谢绝花圈和挽联。各界人士纷纷以不同方式表达哀思，回忆他对事业的执着和对后辈的关怀。",
        lists: &[
            (
                "zhiye",
                "画家|作家|物理学家|演员|翻译家|医生|建筑师|历史学家",
            ),
            (
                "xingming",
                "陈立群|王若兰|李崇山|赵明轩|周玉珍|吴承志|郑海波|孙静怡|何国栋|林子涵",
            ),
            (
                "riqi",
                "三月五日|四月十二日|五月二十日|六月八日|七月三十日|九月十七日|十一月二日",
            ),
            ("chengshi", "青岭|云州|临江|海宁港|白河|金泉|安平|东屏"),
            ("suishu", "六十八|七十三|七十九|八十四|八十八|九十一|九十六"),
        ],
    },
    Family {
        name: "zh/quake",
        form: "据地震台网测定，{riqi}{1-23}时{1-59}分在{chengshi}（北纬{20-45}.{1-9}度，东经{80-125}.{1-9}度）发生{3-6}.{1-9}级地震，震源深度{5-30}千米。\n\n当地居民反映震感明显，部分民众跑到室外避险。目前暂未收到人员伤亡和财产损失的报告，供水、供电、通信正常，社会秩序稳定。应急部门已派出工作组赶赴现场核查灾情。",
        lists: &[
            (
                "riqi",
                "三月五日|四月十二日|五月二十日|六月八日|七月三十日|九月十七日|十一月二日",
            ),
            (
                "chengshi",
                "青岭县|云州市|临江区|海宁县|白河县|金泉市|安平县|东屏县",
            ),
        ],
    },
    Family {
        name: "ja/weather",
        form: "{basho}では{hi}、{tenki}となり、最高気温は{5-38}度の見込みです。朝晩は冷え込むところがあるため、体調の管理に注意が必要です。\n\n気象台によりますと、{kaze}の風がやや強く吹き、海上では波の高さが{1-6}メートルに達する見通しです。{basho=}の気象台は、農作物の管理や交通機関の乱れに注意するよう呼びかけています。週末にかけては次第に天気が回復する見込みです。",
        lists: &[
            ("basho", "青浜|霧島台|白鳥町|北見原|美里|高森|若松崎|東雲"),
            ("hi", "月曜日|火曜日|水曜日|木曜日|金曜日|土曜日|日曜日"),
            (
                "tenki",
                "晴れ|曇りのち雨|雨時々曇り|雪|晴れ時々曇り|雷を伴う雨",
            ),
            ("kaze", "北|南西|東|北西|南"),
        ],
    },
    Family {
        name: "th/lottery",
        form: "ผลการออกรางวัลสลากประจำงวดวันที่{1-28}{duean} รางวัลที่หนึ่งได้แก่หมายเลข{100000-999999} เลขท้ายสองตัว{10-99} ผู้โชคดีอยู่ที่จังหวัด{changwat} และได้เดินทางไปแจ้งความลงบันทึกประจำวันไว้เป็นหลักฐาน\n\nผู้โชคดีชื่อ{chue}กล่าวว่าจะนำเงินไปใช้หนี้และทำบุญกับครอบครัว ส่วนที่เหลือจะเก็บไว้เป็นทุนการศึกษาของลูก ชาวบ้านที่ทราบข่าวต่างพากันมาแสดงความยินดีที่บ้านตลอดทั้งวัน",
        lists: &[
            (
                "duean",
                "มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม",
            ),
            (
                "changwat",
                "ดอนสวรรค์|บึงทอง|ท่าเรือใหม่|เขาเขียว|ปากน้ำหลวง|หนองบัวแดง",
            ),
            ("chue", "สมชาย|วิไล|ประเสริฐ|มาลี|สุดา|อนันต์|กมล|พิชัย"),
        ],
    },
    Family {
        name: "ru/court",
        form: "Суд города {gorod} приговорил {19-70}-летнего местного жителя к {2-15} годам колонии за {delo}, сообщила пресс-служба прокуратуры. По версии следствия, преступление было совершено в {mes} прошлого года.\n\nВину подсудимый признал частично. Гособвинение настаивало на более строгом наказании, защита просила об условном сроке. Приговор в законную силу не вступил и может быть обжалован в течение пятнадцати суток.",
        lists: &[
            (
                "gorod",
                "Белоярск|Верхнеозёрск|Глинск|Дубровка|Заречный|Краснополье|Луговой|Новосельск",
            ),
            (
                "delo",
                "кражу|мошенничество|разбой|взятку|поджог|угон|вымогательство",
            ),
            ("mes", "январе|феврале|марте|апреле|мае|июне|июле|сентябре"),
        ],
    },
];
