//! A sandbox of its own for each test, and a browser without a screen: it keeps a cookie and presses the buttons.

use std::collections::BTreeMap;
use std::time::Duration;

use loop_sandbox::options::Options;
use loop_sandbox::{LOOP_PARTNER, Origins, Running, Sandbox};
use serde_json::Value;
use ureq::http::{HeaderMap, Request};

/// RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub struct Platform {
    // Dropped before the runtime it runs in.
    running: Running,
    _runtime: tokio::runtime::Runtime,
    agent: ureq::Agent,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    pub answer: Value,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// The query of the `Location`.
    pub fn callback(&self) -> BTreeMap<String, String> {
        let location = self.header("location");
        let (_, query) = location
            .split_once('?')
            .unwrap_or_else(|| panic!("no callback: {self:?}"));
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    }
}

pub fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

impl Platform {
    pub fn start() -> Self {
        Self::with(Options::on_free_ports())
    }

    pub fn with(options: Options) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let running = runtime.block_on(Sandbox::start(options)).unwrap();
        Self {
            running,
            _runtime: runtime,
            agent: agent(Duration::from_secs(20)),
        }
    }

    pub fn origins(&self) -> &Origins {
        self.running.origins()
    }

    pub fn running(&self) -> &Running {
        &self.running
    }

    pub fn redirect_uri(&self) -> String {
        format!("{}/auth/loop/callback", self.origins().app)
    }

    /// Any request; `Err` when the connection broke or the answer did not come whole.
    pub fn try_send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, ureq::Error> {
        send_with(&self.agent, method, url, headers, body)
    }

    pub fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.try_send(method, url, headers, body)
            .unwrap_or_else(|error| panic!("{method} {url}: {error}"))
    }

    pub fn get(&self, url: &str) -> Answer {
        self.send("GET", url, &[], "")
    }

    pub fn post_form(&self, url: &str, headers: &[(&str, &str)], pairs: &[(&str, &str)]) -> Answer {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/x-www-form-urlencoded"));
        self.send("POST", url, &headers, &form(pairs))
    }

    /// `POST /_sandbox/…`
    pub fn control(&self, path: &str, body: &Value) -> Value {
        let answer = self.send(
            "POST",
            &format!("{}/_sandbox/{path}", self.origins().portal),
            &[],
            &body.to_string(),
        );
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    pub fn switch(&self, changes: Value) {
        self.control("switches", &changes);
    }

    pub fn state(&self) -> Value {
        self.get(&format!("{}/_sandbox/state", self.origins().portal))
            .json()
    }

    /// Entries of the log for one endpoint.
    pub fn log(&self, endpoint: &str) -> Vec<Value> {
        let log = self
            .get(&format!("{}/_sandbox/log", self.origins().portal))
            .json();
        let entries = log["entries"].as_array().unwrap();
        entries
            .iter()
            .filter(|entry| entry["endpoint"] == endpoint)
            .cloned()
            .collect()
    }

    /// What the log says last about an endpoint.
    pub fn last_detail(&self, endpoint: &str) -> String {
        self.log(endpoint).last().unwrap()["detail"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A good authorization request, with some parameters changed (`""` removes one).
    pub fn authorize_url(&self, changes: &[(&str, &str)]) -> String {
        let redirect_uri = self.redirect_uri();
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", LOOP_PARTNER),
            ("redirect_uri", redirect_uri.as_str()),
            ("scope", "openid profile read:biomarkers"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            if !value.is_empty() {
                pairs.push((name, value));
            }
        }
        format!(
            "{}/v1/oauth/authorize?{}",
            self.origins().identity,
            form(&pairs)
        )
    }

    pub fn authorize(&self, changes: &[(&str, &str)]) -> Answer {
        self.get(&self.authorize_url(changes))
    }

    /// Signs in and decides; the answer is the redirect back to the app.
    pub fn decide(&self, person: &str, scope: &str, ticked: &[&str], decision: &str) -> Answer {
        self.decide_about(&[("scope", scope)], person, ticked, decision)
    }

    /// The same, about a request with some parameters changed.
    pub fn decide_about(
        &self,
        changes: &[(&str, &str)],
        person: &str,
        ticked: &[&str],
        decision: &str,
    ) -> Answer {
        let page = self.authorize(changes);
        assert_eq!(page.status, 200, "{}", page.text());
        let (cookie, request) = (cookie_of(&page), request_of(&page));
        let identity = &self.origins().identity;
        let signed_in = self.post_form(
            &format!("{identity}/v1/oauth/sign-in"),
            &[("cookie", &cookie)],
            &[("request", &request), ("person", person)],
        );
        assert_eq!(signed_in.status, 303, "{}", signed_in.text());
        let cookie = cookie_of(&signed_in);
        let consent = self.send(
            "GET",
            &format!("{identity}{}", signed_in.header("location")),
            &[("cookie", &cookie)],
            "",
        );
        assert_eq!(consent.status, 200);
        let mut pairs = vec![("request", request.as_str()), ("decision", decision)];
        pairs.extend(ticked.iter().map(|scope| ("scope", *scope)));
        self.post_form(
            &format!("{identity}/v1/oauth/consent"),
            &[("cookie", &cookie)],
            &pairs,
        )
    }

    /// A code for a person who ticks everything.
    pub fn code(&self, person: &str, scope: &str) -> String {
        let ticked: Vec<_> = scope.split(' ').collect();
        let answer = self.decide(person, scope, &ticked, "allow");
        answer
            .callback()
            .get("code")
            .unwrap_or_else(|| panic!("no code: {answer:?}"))
            .clone()
    }

    pub fn token(&self, pairs: &[(&str, &str)]) -> Answer {
        self.post_form(
            &format!("{}/v1/oauth/token", self.origins().identity),
            &[],
            pairs,
        )
    }

    pub fn exchange(&self, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri()),
            ("client_id", LOOP_PARTNER),
            ("code_verifier", VERIFIER),
        ])
    }

    pub fn refresh(&self, token: &str) -> Answer {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", LOOP_PARTNER),
        ])
    }

    pub fn connect(&self, person: &str, scope: &str) -> Tokens {
        tokens(&self.exchange(&self.code(person, scope)))
    }

    pub fn clinical(&self, token: &str, path: &str) -> Answer {
        let url = format!("{}{path}", self.origins().clinical);
        self.send(
            "GET",
            &url,
            &[("authorization", &format!("Bearer {token}"))],
            "",
        )
    }
}

pub fn agent(patience: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(patience))
        .allow_non_standard_methods(true)
        .build()
        .into()
}

pub fn send_with(
    agent: &ureq::Agent,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Answer, ureq::Error> {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = if body.is_empty() && method != "POST" {
        agent.run(request.body(()).unwrap())?
    } else {
        agent.run(request.body(body.to_owned()).unwrap())?
    };
    let (parts, mut body) = response.into_parts();
    let body = body.with_config().limit(100 * 1024 * 1024).read_to_vec()?;
    Ok(Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body,
    })
}

pub fn tokens(answer: &Answer) -> Tokens {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    Tokens {
        access: answer["access_token"].as_str().unwrap().to_owned(),
        refresh: answer["refresh_token"].as_str().unwrap().to_owned(),
        answer,
    }
}

pub fn cookie_of(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    cookie.split(';').next().unwrap().to_owned()
}

pub fn request_of(answer: &Answer) -> String {
    let text = answer.text();
    let (_, rest) = text
        .split_once("name=\"request\" value=\"")
        .unwrap_or_else(|| panic!("no form: {text}"));
    rest.split('"').next().unwrap().to_owned()
}

/// The claims of a JWT, unchecked.
pub fn part(jwt: &str, index: usize) -> Value {
    use base64::Engine as _;
    let part = jwt.split('.').nth(index).unwrap();
    serde_json::from_slice(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(part)
            .unwrap(),
    )
    .unwrap()
}
