//! A client that follows nothing and decodes nothing, so that tests see the wire.
#![allow(dead_code)]

use std::sync::Once;

pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

pub fn client() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder()
        .no_proxy()
        .no_gzip()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

pub async fn try_get(url: &str, headers: &[(&str, String)]) -> reqwest::Result<Answer> {
    let mut request = client().get(url);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = request.send().await?;
    Ok(Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.bytes().await?.to_vec(),
    })
}

pub async fn get(url: &str) -> Answer {
    try_get(url, &[]).await.unwrap()
}

pub async fn get_with(url: &str, headers: &[(&str, String)]) -> Answer {
    try_get(url, headers).await.unwrap()
}
