//! The words by which walls say what they are.

use copydesk_model::Reason;

/// What titles and opening words say of a page, in lowercase, by how sure they are.
#[rustfmt::skip]
pub(super) const NOTICES: &[(Reason, &[&str])] = &[
    (
        Reason::Soft404,
        &[
            "page not found", "404 not found", "error 404", "404 error", "page cannot be found",
            "page can't be found", "page can\u{2019}t be found", "page you requested",
            "page you were looking for", "page you are looking for", "page doesn't exist",
            "page does not exist", "no longer available", "content not found", "article not found",
            "nothing found", "seite nicht gefunden", "seite wurde nicht gefunden",
            "seite existiert nicht", "nicht mehr verfügbar", "page introuvable", "page non trouvée",
            "page n'existe pas", "página no encontrada", "página no existe", "pagina non trovata",
            "página não encontrada", "pagina niet gevonden", "sidan hittades inte",
            "siden ble ikke funnet", "siden blev ikke fundet", "sivua ei löydy",
            "strona nie została znaleziona", "nie znaleziono strony", "stránka nenalezena",
            "az oldal nem található", "sayfa bulunamadı", "страница не найдена",
            "сторінку не знайдено", "الصفحة غير موجودة", "ページが見つかりません", "页面不存在", "找不到页面",
            "페이지를 찾을 수 없습니다", "पृष्ठ नहीं मिला", "halaman tidak ditemukan", "404",
        ],
    ),
    (
        Reason::BotWall,
        &[
            "are you a robot", "are you human", "verify you are human", "verifying you are human",
            "checking your browser", "just a moment", "attention required", "access denied",
            "enable javascript and cookies", "unusual traffic", "pardon our interruption",
            "security check", "captcha", "ddos protection", "bot verification", "robot check",
            "request blocked", "you have been blocked", "403 forbidden", "bist du ein mensch",
            "sind sie ein mensch", "kein roboter", "zugriff verweigert", "vérification de sécurité",
            "êtes-vous un robot", "accès refusé", "acceso denegado", "no soy un robot",
            "verifica di sicurezza", "проверка браузера", "доступ запрещен", "アクセスが拒否", "安全验证",
            "访问被拒绝",
        ],
    ),
    (
        Reason::ConsentWall,
        &[
            "before you continue", "we value your privacy", "your privacy choices",
            "we and our partners", "manage your consent", "mit werbung weiterlesen",
            "mit werbung und tracking", "cookies zustimmen", "zustimmung erforderlich",
            "wir und unsere partner", "datenschutzeinstellungen",
            "nous respectons votre vie privée", "nous et nos partenaires",
            "continuer sans accepter", "valoramos tu privacidad", "nosotros y nuestros socios",
            "teniamo alla tua privacy", "noi e i nostri partner", "wij en onze partners",
            "cookie consent", "privacy settings", "cookie-einstellungen", "cookie settings",
            "cookie preferences",
        ],
    ),
    (
        Reason::LoginWall,
        &[
            "log in to continue", "sign in to continue", "login required", "please log in",
            "please sign in", "sign in or create", "create an account to", "register to continue",
            "bitte anmelden", "bitte melden sie sich an", "jetzt anmelden und weiterlesen",
            "connectez-vous pour", "inicia sesión para", "accedi per continuare", "войдите, чтобы",
            "ログインしてください",
        ],
    ),
];
