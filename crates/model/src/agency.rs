//! Where news agencies publish themselves.

/// Registrable domains of agencies' own sites, in order.
#[rustfmt::skip]
const SITES: &[&str] = &[
    "aa.com.tr", "aap.com.au", "adnkronos.com", "afp.com", "agi.it", "aninews.in", "anp.nl",
    "ansa.it", "antaranews.com", "ap.org", "apa.at", "apnews.com", "aps.dz", "belga.be",
    "bernama.com", "cna.com.tw", "ctk.cz", "dpa.com", "efe.com", "europapress.es", "ians.in",
    "interfax.ru", "irna.ir", "jiji.com", "keystone-sda.ch", "kyodonews.net", "lusa.pt",
    "mti.hu", "news.cn", "ntb.no", "pap.pl", "petra.gov.jo", "ptinews.com", "reuters.com",
    "ria.ru", "ritzau.dk", "spa.gov.sa", "stt.fi", "tass.com", "tass.ru", "tt.se",
    "ukrinform.ua", "xinhuanet.com", "yna.co.kr",
];

/// Whether a registrable domain is a news agency's own.
pub fn is_agency_site(domain: &str) -> bool {
    SITES.binary_search(&domain).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(SITES.is_sorted());
        assert!(is_agency_site("apnews.com") && !is_agency_site("example.com"));
    }
}
