//! What public offices put out every day or hour: figures and places in fixed sentences.

use super::Family;

const HARBOURS: &str = "Ansel Point|Brae Harbour|Cold Ness|Dunmore Quay|Eel Sound|Fenwick Bar|Gull Roads|Hythe Ferry|Isle Ketter|Jarrow Flats|Kestrel Bay|Lough Arne";
const DAYS: &str = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday";

pub const BULLETINS: &[Family] = &[
    Family {
        name: "en/tides",
        form: "High water at {harbour} on {day}: {1-11}.{10-59} am, {3-6}.{1-9} metres, and {1-11}.{10-59} pm, {3-6}.{1-9} metres. Low water: {1-11}.{10-59} am and {1-11}.{10-59} pm. Sunrise {5-8}.{10-59}, sunset {4-9}.{10-59}. All times are local. Heights are predicted above chart datum and may differ with wind and pressure. Mariners should consult the harbour office before sailing.",
        lists: &[("harbour", HARBOURS), ("day", DAYS)],
    },
    Family {
        name: "en/air quality by the hour",
        form: "The air quality index in Marlow Heights stood at {40-390} at {1-12} {half} on {day}, a level that the environment office rates as {level}. The main pollutant was fine dust at {10-300} micrograms per cubic metre.\n\nThe office advised children, older people and those with heart or lung disease to limit long effort outdoors. Readings from the other stations in the valley were not available at the time of publication.",
        lists: &[
            ("half", "am|pm"),
            ("day", DAYS),
            (
                "level",
                "good|moderate|poor|unhealthy|very unhealthy|hazardous",
            ),
        ],
    },
    Family {
        name: "en/roadworks",
        form: "Drivers face delays in {harbour} from {day} as engineers resurface a stretch of the {road}. The work is expected to last {number} weeks, with temporary lights between {6-9} am and {3-7} pm.\n\nA signed diversion will be in place through {harbour}. Access for residents, businesses and emergency services will be kept at all times, the council said, and bus stops will be moved where necessary. The council thanked drivers for their patience while these essential works are carried out.",
        lists: &[
            ("harbour", HARBOURS),
            ("day", DAYS),
            (
                "road",
                "coast road|ring road|mill lane|castle road|station hill|north parade|market street|old turnpike|canal side",
            ),
            (
                "number",
                "two|three|four|five|six|seven|eight|nine|ten|twelve",
            ),
        ],
    },
    Family {
        name: "en/planning notice",
        form: "An application to {what} has been lodged with the county council by {who}. The site, in {harbour}, covers {number} hectares and lies within the settlement boundary of the adopted local plan.\n\nSubmissions may be made in writing to the planning department within five weeks of the date of receipt, on payment of the prescribed fee. The application may be inspected or bought, at a cost not above the reasonable cost of making a copy, at the offices of the planning authority during its public opening hours. A decision is due by {day}.",
        lists: &[
            (
                "what",
                "build eleven houses|change a shop into a cafe|extend a cattle shed|put up a telephone mast|knock down a garage|convert a chapel into flats|add a floor to a hotel|dig a slurry pit|raise a sea wall",
            ),
            (
                "who",
                "a local family|a developer from the city|the parish|a farming company|a housing charity|a hotel group|the port company",
            ),
            ("harbour", HARBOURS),
            (
                "number",
                "two|three|four|half a dozen|seven|nine|eleven|fourteen",
            ),
            ("day", DAYS),
        ],
    },
    Family {
        name: "en/flight delays",
        form: "{100-999} flights were delayed and {11-99} cancelled at {harbour} airport on {day} because of {why}, the operator said. Passengers should check with their airline before travelling.\n\nThe worst delays were on departures to {city} and {city}, where waits of up to {2-9} hours were reported. Normal service is expected to return by {day}.",
        lists: &[
            ("harbour", HARBOURS),
            ("day", DAYS),
            (
                "why",
                "dense fog|a strike by baggage staff|heavy snow|a failed radar|high winds|a power cut|a security alert|a lack of air traffic controllers",
            ),
            (
                "city",
                "Ostend|Turku|Graz|Porto|Bergen|Lille|Aarhus|Genoa|Split|Malmo|Cork|Basel",
            ),
        ],
    },
    Family {
        name: "tr/deprem",
        form: "{yer} ilçesinde {gun} günü saat {10-23}.{10-59} sularında {2-6},{1-9} büyüklüğünde deprem meydana geldi. Afet ve acil durum başkanlığının verilerine göre deprem, yerin {5-40} kilometre derinliğinde kaydedildi.\n\nÇevre illerden de hissedilen depremde ilk belirlemelere göre can ve mal kaybı yaşanmadı. Yetkililer, vatandaşların hasarlı yapılara girmemesi ve resmi açıklamalara itibar etmesi gerektiğini bildirdi.",
        lists: &[
            (
                "yer",
                "Akpınar|Bozdağ|Çamlıca|Değirmendere|Elmalık|Gökçeova|Karaköprü|Sarıçam|Taşlıyurt|Yeşilkent",
            ),
            (
                "gun",
                "pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar",
            ),
        ],
    },
    Family {
        name: "ko/weather",
        form: "{yoil} {goseun} {haneul} 낮 최고기온은 {5-35}도로 전날보다 {1-9}도 {byeonhwa} 것으로 보입니다. 아침 최저기온은 {1-20}도로 예상됩니다.\n\n기상청은 바다의 물결이 {1-5}미터까지 일겠으니 항해하는 선박은 주의해 달라고 당부했습니다. 미세먼지 농도는 전 권역에서 보통 수준을 유지하겠고 건조한 날씨가 이어지는 만큼 산불 등 화재 예방에 각별히 신경 써야 합니다.",
        lists: &[
            ("yoil", "월요일|화요일|수요일|목요일|금요일|토요일|일요일"),
            (
                "goseun",
                "남해안은|서해안은|동해안은|중부지방은|산간지역은|섬지역은",
            ),
            (
                "haneul",
                "대체로 맑고|구름이 많고|종일 흐리고|오후에 비가 오고|눈이 내리고|안개가 짙고",
            ),
            ("byeonhwa", "오를|내릴|낮을|높을"),
        ],
    },
    Family {
        name: "th/weather",
        form: "กรมอุตุนิยมวิทยาพยากรณ์อากาศบริเวณ{phak}ใน{wan} มีฝนฟ้าคะนองร้อยละ{10-80}ของพื้นที่ อุณหภูมิต่ำสุด{18-25}องศา อุณหภูมิสูงสุด{28-40}องศา ลม{thit}ความเร็ว{10-35}กิโลเมตรต่อชั่วโมง\n\nขอให้ประชาชนดูแลสุขภาพในช่วงที่สภาพอากาศเปลี่ยนแปลง เกษตรกรควรป้องกันผลผลิตทางการเกษตร และชาวเรือควรเดินเรือด้วยความระมัดระวัง หลีกเลี่ยงการเดินเรือในบริเวณที่มีฝนฟ้าคะนอง",
        lists: &[
            (
                "phak",
                "ภาคเหนือ|ภาคตะวันออก|ภาคใต้ฝั่งตะวันตก|ภาคกลาง|ภาคอีสานตอนบน|ชายฝั่งทะเล",
            ),
            ("wan", "วันจันทร์|วันอังคาร|วันพุธ|วันพฤหัสบดี|วันศุกร์|วันเสาร์|วันอาทิตย์"),
            ("thit", "ตะวันตกเฉียงใต้|ตะวันออก|เหนือ|ใต้|ตะวันตก"),
        ],
    },
    Family {
        name: "zh/air quality",
        form: "{chengshi}今日空气质量指数为{20-400}，属于{dengji}，首要污染物为{wuran}。环境监测中心预计，{shijian}扩散条件{tiaojian}，空气质量将有所变化。\n\n专家提醒，老人、儿童以及患有心脏和呼吸系统疾病的人群应当减少长时间、高强度的户外锻炼，外出时注意做好防护。有关部门将继续加强对重点企业和工地的检查，依法查处违法排污行为。",
        lists: &[
            (
                "chengshi",
                "青岭市|云州市|临江市|海宁港|白河市|金泉市|安平市|东屏市|南渡市|石桥市",
            ),
            ("dengji", "优|良|轻度污染|中度污染|重度污染|严重污染"),
            ("wuran", "细颗粒物|臭氧|二氧化氮|可吸入颗粒物|二氧化硫"),
            (
                "shijian",
                "明天上午|明天下午|后天白天|周末两天|下周初|今天夜间",
            ),
            ("tiaojian", "较好|一般|较差|逐渐转好|逐渐转差"),
        ],
    },
    Family {
        name: "it/terremoto",
        form: "Una scossa di terremoto di magnitudo {2-5}.{1-9} è stata registrata alle {1-23}.{10-59} di {giorno} con epicentro a {2-14} chilometri da {paese}. L'ipocentro è stato localizzato a una profondità di {5-40} chilometri dagli strumenti della rete sismica nazionale.\n\nLa scossa è stata avvertita dalla popolazione, ma non si segnalano danni a persone o cose. Numerose le telefonate ai vigili del fuoco da parte di cittadini spaventati. Le scuole sono rimaste aperte.",
        lists: &[
            (
                "giorno",
                "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
            ),
            (
                "paese",
                "Acquaforte|Borgo Selva|Castelmonte|Fontanarossa|Montelupo Alto|Pietraviva|Roccabruna|San Biagio|Torre Vecchia|Vallescura",
            ),
        ],
    },
];
