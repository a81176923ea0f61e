//! Headless Chromium, driven over the WebDriver protocol: the five requests that the tests need.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// One browser with one window; both end with it.
pub struct Browser {
    driver: Child,
    session: String,
    client: reqwest::Client,
    _profile: tempfile::TempDir,
}

/// Whether there is a browser to test with; says so where there is none.
pub fn is_installed() -> bool {
    let is_there = |name: &str| Command::new(name).arg("--version").output().is_ok();
    let both = is_there("chromium") && is_there("chromedriver");
    if !both {
        eprintln!(
            "SKIPPED: chromium and chromedriver are not installed (Debian: chromium, chromium-driver)"
        );
    }
    both
}

/// For requests to loopback.
pub fn client() -> reqwest::Client {
    // A second one finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().no_proxy();
    builder.build().expect("a client")
}

impl Browser {
    /// A window of this size, with an empty profile.
    pub async fn start(width: u32, height: u32, is_dark: bool) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("it is installed");
        let port = port(&mut driver);
        let profile = tempfile::tempdir().expect("a folder for the test");
        let mut arguments: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-device-scale-factor=1",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        arguments.push(format!("--window-size={width},{height}"));
        if is_dark {
            arguments.push("--blink-settings=preferredColorScheme=0".into());
        }
        let mut options = json!({ "args": arguments });
        if width < 500 {
            // A desktop window has a least width; a phone is emulated.
            options["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0 } });
        }
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let mut browser = Self {
            driver,
            session: format!("http://127.0.0.1:{port}/session"),
            client: client(),
            _profile: profile,
        };
        let started = browser.post("", capabilities).await;
        let id = started["sessionId"]
            .as_str()
            .unwrap_or_else(|| panic!("no session: {started}"));
        browser.session = format!("{}/{id}", browser.session);
        browser
    }

    pub async fn open(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await;
    }

    /// What the script gives back.
    pub async fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({ "script": script, "args": [] }))
            .await
    }

    /// Waits until the script gives back true, a minute at the most.
    pub async fn until(&self, script: &str) {
        let start = std::time::Instant::now();
        while self.run(script).await != true {
            assert!(
                start.elapsed().as_secs() < 60,
                "waited a minute for: {script}"
            );
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// What was logged since the last call: "browser" is the console, "performance" the network.
    pub async fn log(&self, kind: &str) -> Vec<Value> {
        let log = self.post("/se/log", json!({ "type": kind })).await;
        log.as_array().cloned().unwrap_or_default()
    }

    /// Presses keys as a person would; the codes are those of the WebDriver standard.
    pub async fn press(&self, keys: &[char]) {
        let actions: Vec<Value> = (keys.iter())
            .flat_map(|key| {
                ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }))
            })
            .collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.post("/actions", json!({ "actions": [keyboard] }))
            .await;
    }

    /// PNG of the whole page, as the base64 text of the protocol.
    pub async fn picture(&self) -> String {
        let full =
            json!({ "cmd": "Page.captureScreenshot", "params": { "captureBeyondViewport": true } });
        let picture = self.post("/goog/cdp/execute", full).await;
        picture["data"].as_str().unwrap_or_default().to_owned()
    }

    async fn post(&self, command: &str, body: Value) -> Value {
        let request = self.client.post(format!("{}{command}", self.session));
        let answer = request
            .body(body.to_string())
            .send()
            .await
            .expect("the driver answers");
        let text = answer.text().await.expect("the driver answers");
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        assert!(answer["value"]["error"].is_null(), "{command}: {answer}");
        answer["value"].clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver leaves its browser behind; the two are a group of their own.
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.driver.wait();
    }
}

/// The driver says where it listens.
fn port(driver: &mut Child) -> u16 {
    let output = driver.stdout.take().expect("piped");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let line = lines
        .find(|line| line.contains("started successfully on port"))
        .expect("it starts");
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a port")
}
