//! What companies, courts, clubs and exchanges give newsrooms to fill in.

use super::Family;

const FIRMS: &str = "Aldine Steel|Borough Mutual|Corvid Systems|Delmar Foods|Estuary Power|Fairlead Shipping|Granta Bio|Hexham Paper|Iona Textiles|Juniper Bank|Kelso Motors|Lanark Mining|Merton Media|Norfolk Rail|Orwell Drinks|Pennant Homes";
const PEOPLE: &str = "Agnes Whitlow|Bertil Okonjo|Carys Penhale|Dmitri Vance|Ewa Lindqvist|Farid Nasser|Greta Holm|Hugo Marchetti|Imani Cole|Jonas Reuter|Katya Brandt|Luis Ferro|Mina Tanaka|Noel Abbott|Orla Keane|Pavel Dusek";
const TOWNS: &str = "Aldmere|Brackwater|Corvale|Dunsley|Eastholm|Farrowby|Gildenhurst|Harlow Sands|Inverlay|Jessop Hill|Kelsworth|Lanmoor|Merrowick|Northam Green";

pub const REPORTS: &[Family] = &[
    Family {
        name: "en/dividend",
        form: "{firm} said it would pay a quarterly dividend of {2-98} cents a share on {1-28} {month} to holders of record on {1-28} {month=}, {change} from the quarter before. The shares closed at ${4-190}.{10-99} on Friday.\n\nThis article was generated from a filing with the exchange. It is for information only and is not advice to buy or sell. Past performance is no guide to future returns.",
        lists: &[
            ("firm", FIRMS),
            (
                "month",
                "January|March|April|June|July|September|October|December",
            ),
            ("change", "unchanged|up|down"),
        ],
    },
    Family {
        name: "en/job listing",
        form: "{firm} is looking for a {job} to join its team in {town}. You will work {hours}, with {20-33} days of holiday a year, a pension and free parking. The salary is up to {21-68},000 a year, depending on experience.\n\nWe welcome applications from everyone regardless of age, sex, race, disability, religion or belief. If you need help with your application please let us know. The successful candidate will have to show the right to work and pass a basic check. We may close the advertisement early if we receive enough applications. No agencies please.",
        lists: &[
            ("firm", FIRMS),
            ("town", TOWNS),
            (
                "job",
                "bookkeeper|forklift driver|night porter|pastry chef|lab technician|web designer|site manager|payroll clerk|welder|receptionist|van driver|data analyst",
            ),
            (
                "hours",
                "full time|part time|nights|weekends only|four days a week|shifts",
            ),
        ],
    },
    Family {
        name: "en/court list",
        form: "{person}, {18-79}, of {town}, {plea} to {charge} when the case was called at the magistrates' court. The bench heard that the offence took place on {1-28} {month}. {penalty} The court also ordered costs of {85-600} pounds and a victim surcharge, to be paid within {number} weeks.",
        lists: &[
            ("person", PEOPLE),
            ("town", TOWNS),
            (
                "plea",
                "pleaded guilty|admitted the facts and pleaded guilty|pleaded not guilty but was found guilty",
            ),
            (
                "charge",
                "speeding|theft from a shop|driving without insurance|assault by beating|criminal damage|fly-tipping|keeping a dog dangerously out of control|drink-driving",
            ),
            ("month", "January|February|March|April|May|June|July|August"),
            (
                "penalty",
                "There was a fine.|A community order was made.|There was a conditional discharge.|A ban from driving was imposed.|A suspended sentence was passed.",
            ),
            ("number", "two|three|four|six|eight|ten|twelve"),
        ],
    },
    Family {
        name: "en/press release tail",
        form: "{firm} has named {person} as its {role}, with effect from {month}. {person=} joins from {firm}.\n\n\"I am delighted to be joining at such an exciting time and look forward to working with the whole team to deliver the next chapter of growth for our customers, our people and our shareholders,\" the new {role=} said.\n\nThe board thanked the outgoing office holder for many years of dedicated service and wished them well for the future. The company employs people in more than forty countries and is listed on the main market.",
        lists: &[
            ("firm", FIRMS),
            ("person", PEOPLE),
            (
                "role",
                "chief executive|finance director|head of sales|general counsel|chair|chief engineer|head of research|marketing director",
            ),
            (
                "month",
                "January|February|March|April|May|June|July|August|September",
            ),
        ],
    },
    Family {
        name: "en/brief of forty words",
        form: "{town}: A {age} man was taken to hospital after {what} on {street} on {day} {part}. Police closed the road for {number} hours. His injuries are not thought to be life-threatening. Witnesses are asked to come forward.",
        lists: &[
            ("town", TOWNS),
            ("age", "young|middle-aged|retired|local"),
            (
                "what",
                "a crash|a fall|a fire|a fight|a burglary|an explosion|a dog attack",
            ),
            (
                "street",
                "Abbey Road|Canal Street|Foundry Lane|High Street|Mill Row|Station Approach|The Parade",
            ),
            (
                "day",
                "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
            ),
            ("part", "morning|afternoon|evening|night"),
            ("number", "two|three|four|five|six"),
        ],
    },
    Family {
        name: "de/wahl",
        form: "Bei der Bürgermeisterwahl in {ort} hat sich {name} mit {50-78},{0-9} Prozent der Stimmen durchgesetzt. {name} kam auf {20-45},{0-9} Prozent. Die Wahlbeteiligung lag bei {35-72},{0-9} Prozent.\n\nDie Amtszeit beträgt acht Jahre. Das vorläufige Ergebnis wurde am Abend im Rathaus bekannt gegeben, das amtliche Endergebnis stellt der Wahlausschuss in den kommenden Tagen fest. Wahlberechtigt waren alle Bürgerinnen und Bürger, die das sechzehnte Lebensjahr vollendet haben und seit mindestens drei Monaten in der Gemeinde wohnen.",
        lists: &[
            (
                "ort",
                "Altenfurt|Birkenau|Dornheim|Eschwald|Finsterbach|Grünau|Hasselried|Kaltenberg|Lindach|Moosthal|Neukrug|Ostrode",
            ),
            (
                "name",
                "Anja Vogt|Bernd Kröger|Claudia Seidl|Dirk Ostermann|Elke Haas|Frank Wiesner|Gudrun Pohl|Holger Zeman|Ines Raabe",
            ),
        ],
    },
    Family {
        name: "de/polizei",
        form: "Unbekannte sind in der Nacht zum {tag} in {objekt} in {ort} eingebrochen. Sie hebelten {wo} auf und entwendeten {beute}. Die Höhe des Schadens steht noch nicht fest.\n\nHinweise auf verdächtige Personen oder Fahrzeuge nimmt die zuständige Polizeidienststelle entgegen. Die Beamten raten, Fenster und Türen auch bei kurzer Abwesenheit zu verschließen und ungewöhnliche Beobachtungen sofort zu melden.",
        lists: &[
            (
                "tag",
                "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag",
            ),
            (
                "objekt",
                "eine Bäckerei|ein Vereinsheim|eine Arztpraxis|ein Gartenhaus|eine Werkstatt|eine Kita|ein Einfamilienhaus|einen Kiosk",
            ),
            (
                "ort",
                "Altenfurt|Birkenau|Dornheim|Eschwald|Finsterbach|Grünau|Hasselried|Kaltenberg|Lindach|Moosthal",
            ),
            (
                "wo",
                "ein Fenster|die Hintertür|das Rolltor|die Kellertür|eine Terrassentür",
            ),
            (
                "beute",
                "Bargeld|Werkzeug|Zigaretten|mehrere Rechner|Schmuck|einen Tresor|Kupferkabel",
            ),
        ],
    },
    Family {
        name: "fr/horoscope",
        form: "{signe}. Côté cœur, {coeur}. Côté travail, {travail}. Côté forme, {forme}. Prenez le temps de respirer avant de répondre et ne laissez pas les petites contrariétés gâcher votre journée. Un conseil : faites confiance à votre intuition, elle vous a rarement trompé.",
        lists: &[
            (
                "signe",
                "Bélier|Taureau|Gémeaux|Cancer|Lion|Vierge|Balance|Scorpion|Sagittaire|Capricorne|Verseau|Poissons",
            ),
            (
                "coeur",
                "une rencontre inattendue vous fait sourire|un malentendu se dissipe enfin|la tendresse revient à la maison|une vieille amitié refait surface|le doute s'installe sans raison|on attend de vous un geste",
            ),
            (
                "travail",
                "un dossier ancien se débloque|vos idées trouvent un écho|la patience reste de mise|un collègue vous tend la main|évitez de trop promettre|une proposition mérite réflexion",
            ),
            (
                "forme",
                "le sommeil vous manque|une longue marche vous fera du bien|buvez davantage|votre énergie remonte|ménagez votre dos|levez un peu le pied",
            ),
        ],
    },
    Family {
        name: "es/resultado",
        form: "{equipo} venció por {2-6} a {0-1} a {equipo} en el partido disputado este {dia} en el estadio municipal. Los goles llegaron en los minutos {3-40} y {46-89}.\n\nCon esta victoria el conjunto local suma {10-70} puntos y se coloca en la posición {puesto} de la tabla. En la próxima jornada visitará al {equipo}. El entrenador destacó el esfuerzo de sus jugadores y agradeció el apoyo de la afición, que llenó las gradas a pesar del frío.",
        lists: &[
            (
                "equipo",
                "Atlético Alarcón|Deportivo Benavides|Real Cervera|Unión Fuentesol|Racing Montalbo|Sporting Telmo|Puerto Claro|Villanueva",
            ),
            (
                "dia",
                "lunes|martes|miércoles|jueves|viernes|sábado|domingo",
            ),
            (
                "puesto",
                "segunda|tercera|cuarta|quinta|sexta|séptima|octava|novena",
            ),
        ],
    },
    Family {
        name: "pt/cambio",
        form: "O dólar comercial fechou em {movimento} de {0-2},{10-99}% nesta {dia}, cotado a R$ {4-6},{100-999} para a venda. Na máxima do dia, a moeda chegou a R$ {4-6},{100-999}.\n\nO principal índice da bolsa terminou o pregão em {movimento} de {0-3},{10-99}%, aos {100-150} mil pontos. Investidores acompanharam {motivo}. O volume de negócios ficou dentro da média das últimas semanas, segundo operadores ouvidos pela reportagem.",
        lists: &[
            ("movimento", "alta|baixa|queda|leve alta|forte baixa"),
            (
                "dia",
                "segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira",
            ),
            (
                "motivo",
                "o debate fiscal no Congresso|os dados de emprego do exterior|a reunião do banco central|o preço do minério|as tensões no Oriente|a divulgação da inflação",
            ),
        ],
    },
    Family {
        name: "pl/kronika",
        form: "Policjanci z komendy w mieście {miasto} zatrzymali {19-64}-letniego mieszkańca podejrzanego o {czyn}. Mężczyzna usłyszał zarzuty, za które grozi mu kara do {3-12} lat pozbawienia wolności.\n\nDo zdarzenia doszło w {dzien} około godziny {1-23}. O dalszym losie zatrzymanego zdecyduje sąd. Śledczy ustalają, czy podejrzany nie ma na koncie innych podobnych przestępstw, i proszą o kontakt wszystkich świadków.",
        lists: &[
            (
                "miasto",
                "Brzezina|Czarnków Dolny|Dębowiec|Grabno|Jasień|Kalinów|Lipiny|Modrzew|Olszanka",
            ),
            (
                "czyn",
                "kradzież roweru|włamanie do sklepu|oszustwo|rozbój|zniszczenie mienia|podpalenie|groźby",
            ),
            (
                "dzien",
                "poniedziałek|wtorek|środę|czwartek|piątek|sobotę|niedzielę",
            ),
        ],
    },
    Family {
        name: "id/pasar",
        form: "Harga {barang} di pasar {kota} pada hari {hari} tercatat Rp{10-99}.{100-999} per kilogram, {arah} dibandingkan pekan lalu. Pedagang mengatakan perubahan itu dipengaruhi oleh {sebab}.\n\nDinas perdagangan setempat menyatakan stok masih mencukupi kebutuhan masyarakat hingga bulan depan dan meminta warga tidak membeli secara berlebihan. Pemantauan harga akan terus dilakukan di sejumlah pasar tradisional.",
        lists: &[
            (
                "barang",
                "cabai merah|bawang putih|daging ayam|telur|beras|gula pasir|minyak goreng|tomat",
            ),
            (
                "kota",
                "Sukamaju|Tanjung Asri|Batu Raya|Muara Indah|Karang Jaya|Gunung Sari|Pantai Baru",
            ),
            ("hari", "Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu"),
            ("arah", "naik|turun|tetap|melonjak|sedikit lebih murah"),
            (
                "sebab",
                "cuaca buruk|kelancaran pasokan|musim panen|biaya angkut|permintaan yang tinggi",
            ),
        ],
    },
    Family {
        name: "ar/exchange",
        form: "سجل سعر صرف {umla} في ختام تعاملات {yawm} {20-60} جنيها و{10-99} قرشا للشراء مقابل {20-60} جنيها و{10-99} قرشا للبيع في {bank}.\n\nوقال متعاملون إن السوق شهدت {hala} خلال الجلسة في ظل ترقب قرارات البنك المركزي بشأن أسعار الفائدة. وتختلف الأسعار من بنك إلى آخر وفق آليات العرض والطلب، وينصح الخبراء بمتابعة النشرة اليومية قبل إجراء أي معاملة.",
        lists: &[
            ("umla", "الدولار|اليورو|الريال|الدينار|الدرهم|الفرنك"),
            ("yawm", "السبت|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس"),
            (
                "bank",
                "بنك الساحل|البنك الأهلي الجديد|بنك الشروق|المصرف التجاري|بنك النخيل",
            ),
            (
                "hala",
                "هدوءا نسبيا|تراجعا في الطلب|ارتفاعا طفيفا|تذبذبا واضحا|إقبالا كبيرا",
            ),
        ],
    },
    Family {
        name: "ar/appointment",
        form: "أصدر مجلس الوزراء قرارا بتعيين {ism} مديرا عاما لهيئة {haya} خلفا {ism2} الذي انتهت مدة خدمته الشهر الماضي. ويعد المدير الجديد من الكفاءات المعروفة في مجاله وقد شغل عدة مناصب إدارية وفنية.\n\nوأكد المدير الجديد في تصريح صحفي أنه سيعمل على تطوير الأداء وتحسين الخدمات المقدمة للمواطنين وتذليل العقبات أمام المستثمرين، معربا عن شكره للقيادة على هذه الثقة الغالية.",
        lists: &[
            (
                "ism",
                "سامر حداد|يوسف منصور|كريم عواد|طارق النجار|عماد شاهين|وليد قاسم|باسم درويش|رامي الخطيب",
            ),
            (
                "ism2",
                "لعادل زيدان|لفؤاد صالح|لنبيل عطية|لماهر جابر|لحسام بكر|لهاني فرج",
            ),
            (
                "haya",
                "الموانئ|الطرق|البريد|الكهرباء|المياه|السياحة|الاستثمار|الإحصاء",
            ),
        ],
    },
    Family {
        name: "fa/football",
        form: "تیم فوتبال {tim} در دیدار عقب‌افتاده هفته {hafte} لیگ برتر موفق شد با نتیجه {natije} تیم {tim} را شکست دهد. گل‌های این بازی را {bazikon} و {bazikon} به ثمر رساندند.\n\nسرمربی تیم پیروز پس از پایان مسابقه از تلاش بازیکنان خود تشکر کرد و گفت که برای رسیدن به جمع مدعیان راه درازی در پیش دارند. هواداران دو تیم تا پایان بازی به تشویق تیم‌های محبوب خود ادامه دادند.",
        lists: &[
            ("tim", "شاهین|البرز|دریا|ستاره|سپهر|پولاد|نفت|سرخاب"),
            ("hafte", "سوم|پنجم|هفتم|نهم|یازدهم|سیزدهم"),
            ("natije", "دو بر صفر|سه بر یک|چهار بر دو|یک بر صفر"),
            (
                "bazikon",
                "رضا کریمی|حسین مرادی|علی صادقی|مهدی نوری|سعید فرهادی|امیر رستمی|کاوه امینی",
            ),
        ],
    },
    Family {
        name: "hi/crime",
        form: "{shahar} में {din} देर रात {kya} का मामला सामने आया है। पुलिस के अनुसार {naam} के घर के पास कुछ लोगों ने शोर सुना और थाने को सूचना दी। मौके पर पहुंची टीम ने जांच शुरू कर दी है।\n\nथाना प्रभारी ने बताया कि अज्ञात आरोपियों के खिलाफ मामला दर्ज कर लिया गया है और आसपास लगे कैमरों की फुटेज खंगाली जा रही है। जल्द ही आरोपियों को गिरफ्तार कर लिया जाएगा। लोगों से अपील की गई है कि वे किसी भी संदिग्ध गतिविधि की जानकारी पुलिस को दें।",
        lists: &[
            (
                "shahar",
                "रामगढ़|सूरतपुर|चंदननगर|भीमताल|कमलापुर|देवरिया|मोहनगंज|नीलगिरि",
            ),
            ("din", "सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार"),
            ("kya", "चोरी|मारपीट|लूट|आगजनी|ठगी|तोड़फोड़"),
            (
                "naam",
                "राकेश वर्मा|सुनील जैन|अनिल गुप्ता|विजय सोनी|प्रकाश मेहता|दिनेश अग्रवाल|हरीश शाह",
            ),
        ],
    },
    Family {
        name: "bn/accident",
        form: "{jela} জেলায় {bar} সকালে {gari} ও {gari} মুখোমুখি সংঘর্ষে {2-9} জন নিহত ও অন্তত {10-40} জন আহত হয়েছেন। আহতদের উদ্ধার করে স্থানীয় হাসপাতালে ভর্তি করা হয়েছে।\n\nপুলিশ জানায়, দুর্ঘটনার পর সড়কে যান চলাচল কিছু সময়ের জন্য বন্ধ ছিল। নিহতদের পরিচয় জানার চেষ্টা চলছে। ঘটনার কারণ খতিয়ে দেখতে একটি তদন্ত কমিটি গঠন করা হয়েছে বলে জানিয়েছেন জেলা প্রশাসক।",
        lists: &[
            ("jela", "নদীপুর|শালবন|কমলাপুর|চরগাঁও|সোনাতলা|বেলতলি"),
            ("bar", "সোমবার|মঙ্গলবার|বুধবার|বৃহস্পতিবার|শুক্রবার|শনিবার"),
            ("gari", "বাস|ট্রাক|মাইক্রোবাস|অটোরিকশা|ট্রাক্টর|মোটরসাইকেল"),
        ],
    },
    Family {
        name: "ja/result",
        form: "{riigu}の{chimu}は{hi}、本拠地で{chimu}と対戦し、{1-12}対{0-9}で{kekka}。先発した{sensyu}投手は{5-9}回を投げ、{2-12}個の三振を奪った。\n\n試合後、監督は選手たちの集中力をたたえ、次の試合に向けて気持ちを切り替えたいと話した。球場には大勢の観客が詰めかけ、最後まで声援を送った。次の試合は週末に行われる予定で、入場券は窓口と電話で販売されている。",
        lists: &[
            ("riigu", "東部リーグ|西部リーグ|北部リーグ"),
            (
                "chimu",
                "青浜カモメーズ|霧島ウルブズ|白鳥スターズ|高森ベアーズ|若松ライナーズ|東雲サンズ",
            ),
            ("hi", "月曜日|火曜日|水曜日|木曜日|金曜日|土曜日|日曜日"),
            (
                "kekka",
                "勝利した|敗れた|競り勝った|逆転勝ちした|連敗を止めた",
            ),
            ("sensyu", "高橋|森田|西村|黒木|本間|石川|大野|宮沢"),
        ],
    },
    Family {
        name: "zh/appointment",
        form: "{difang}人民代表大会常务委员会{riqi}举行会议，决定任命{xingming}为{zhiwu}，免去{xingming}的{zhiwu=}职务。会议认为，新任人员政治立场坚定，工作经验丰富，能够胜任岗位要求。\n\n会议还听取了有关部门关于年度预算执行情况的报告，审议了多项议案，并对下一阶段的工作作出安排。出席会议的代表表示，将认真履行职责，为推动地方经济和社会发展作出新的贡献。",
        lists: &[
            (
                "difang",
                "青岭市|云州市|临江市|海宁市|白河市|金泉市|安平市|东屏市",
            ),
            (
                "riqi",
                "五日|八日|十二日|十七日|二十日|二十三日|二十六日|三十日",
            ),
            (
                "xingming",
                "陈立群|王若兰|李崇山|赵明轩|周玉珍|吴承志|郑海波|孙静怡|何国栋|林子涵",
            ),
            (
                "zhiwu",
                "副市长|财政局局长|教育局局长|法院院长|审计局局长|卫生局局长",
            ),
        ],
    },
    Family {
        name: "vi/xo so",
        form: "Kết quả xổ số {tinh} mở thưởng ngày {1-28} tháng {1-12}: giải đặc biệt thuộc về vé số {100000-999999}, giải nhất là {10000-99999}, giải nhì là {10000-99999}.\n\nNgười trúng thưởng cần mang vé còn nguyên vẹn, không rách nát, tẩy xóa đến trụ sở công ty để làm thủ tục lĩnh thưởng trong vòng ba mươi ngày kể từ ngày mở thưởng. Quá thời hạn trên, các vé trúng thưởng không còn giá trị.",
        lists: &[(
            "tinh",
            "An Lạc|Bình Sơn|Cẩm Hà|Đông Giang|Hòa Lợi|Long Khê|Phú Tân",
        )],
    },
    Family {
        name: "nl/weer",
        form: "In {streek} is het {dag} {weer}. De temperatuur ligt rond {5-29} graden en de wind komt uit het {wind}, kracht {2-7}. In de nacht koelt het af naar {1-15} graden.\n\nDe dagen daarna blijft het wisselvallig. Wie de weg op gaat, doet er goed aan de verwachting in het oog te houden. Een waarschuwing is op dit moment niet van kracht.",
        lists: &[
            (
                "streek",
                "het noorden|het zuiden|de kuststreek|de Achterpolder|het heuvelland|de stad",
            ),
            (
                "dag",
                "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
            ),
            (
                "weer",
                "zonnig|bewolkt|regenachtig|mistig|buiig|onweersachtig|droog maar grijs",
            ),
            (
                "wind",
                "noorden|zuiden|westen|oosten|noordwesten|zuidoosten",
            ),
        ],
    },
];
