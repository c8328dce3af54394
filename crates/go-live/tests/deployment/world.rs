//! A small good site, a platform and a webhook receiver, as one function from a request to an answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use loop_go_live::door::{Answer, Ask};
use loop_go_live::table::Table;
use loop_webhooks::{Headers, Secret, Verifier};
use serde_json::json;
use sha2::{Digest as _, Sha384};

pub const SECRET: &str = "whsec_of_a_receiver_in_a_test";
pub const CLIENT: &str = "app_1";
pub const CALLBACK: &str = "/auth/loop/callback";
pub const WASM: &str = "/loop-partner-00112233445566aa.wasm";
pub const CHUNK: &str = "/chunk-44332211005566aa.wasm";
pub const GLUE: &str = "/loop-partner-aa112233445566bb.js";
pub const BOOT: &str = "/boot-0123456789abcdef.js";
pub const STYLE: &str = "/loop-fedcba9876543210.css";
pub const CATALOGUE: &str = "/catalogue.json";
pub const WORDS: &str = "/de-0011001100110011.txt";

/// Changes one thing of an answer.
pub type Tamper = fn(&World, &Ask, &mut Answer);

/// Where everything is.
#[derive(Clone)]
pub struct World {
    pub app: String,
    /// The app without encryption, when there is such a thing.
    pub plain: Option<String>,
    pub identity: String,
    pub clinical: String,
    pub webhook: String,
    pub tamper: Tamper,
}

impl World {
    /// As it is in production.
    pub fn in_production(tamper: Tamper) -> Self {
        Self {
            app: "https://app.example".to_owned(),
            plain: Some("http://app.example".to_owned()),
            identity: "https://identity.platform.loop.health".to_owned(),
            clinical: "https://clinical.platform.loop.health".to_owned(),
            webhook: "https://hooks.example".to_owned(),
            tamper,
        }
    }

    pub fn redirect_uri(&self) -> String {
        format!("{}{CALLBACK}", self.app)
    }

    /// Whether a request is for this path of the app.
    pub fn is(&self, ask: &Ask, path: &str) -> bool {
        let path_asked = Self::path(ask, &self.app);
        path_asked.as_deref() == Some(path)
    }

    /// The path of a request to this origin, without its query.
    pub fn path(ask: &Ask, origin: &str) -> Option<String> {
        let rest = ask.url.strip_prefix(origin)?;
        let path = rest.split('?').next().unwrap_or_default();
        (path.is_empty() || path.starts_with('/')).then(|| path.to_owned())
    }

    /// What is answered.
    pub fn answer(&self, ask: &Ask) -> Answer {
        let mut answer = if let Some(path) = Self::path(ask, &self.app) {
            self.site(&path)
        } else if let Some(path) = Self::path(ask, &self.identity) {
            self.identity(ask, &path)
        } else if Self::path(ask, &self.clinical).is_some() {
            self.clinical(ask)
        } else if Self::path(ask, &self.webhook).is_some() {
            Self::receive(ask)
        } else if self
            .plain
            .as_ref()
            .is_some_and(|plain| ask.url.starts_with(plain))
        {
            let mut moved = reply(301, "text/plain", "");
            set(&mut moved, "location", &format!("{}/", self.app));
            moved
        } else {
            reply(502, "text/plain", "nobody is here")
        };
        (self.tamper)(self, ask, &mut answer);
        answer
    }

    fn site(&self, path: &str) -> Answer {
        let (mut answer, cache) = if let Some(content) = file(path) {
            let table = Table::read().unwrap();
            let kind = table.kind_of(path).unwrap().to_owned();
            let is_hashed = path != "/icon.svg";
            let cache = if is_hashed {
                table.hashed
            } else {
                "no-cache".to_owned()
            };
            (reply(200, &kind, content), cache)
        } else if path.ends_with("/loop.config.json") {
            let config = json!({"client_id": CLIENT, "issuer": self.identity, "clinical": self.clinical, "redirect_path": CALLBACK});
            (
                reply(200, "application/json", &config.to_string()),
                "no-store".to_owned(),
            )
        } else if path.rsplit('/').next().unwrap().contains('.') {
            (
                reply(
                    404,
                    "text/html; charset=utf-8",
                    "<!doctype html><title>Nothing here</title>",
                ),
                "no-store".to_owned(),
            )
        } else {
            (
                reply(200, "text/html; charset=utf-8", &index()),
                "no-store".to_owned(),
            )
        };
        set(&mut answer, "cache-control", &cache);
        let connect = format!("{} {}", self.identity, self.clinical);
        for header in Table::read().unwrap().headers {
            set(
                &mut answer,
                &header.name,
                &header.value.replace("{connect}", &connect),
            );
        }
        answer
    }

    fn identity(&self, ask: &Ask, path: &str) -> Answer {
        let at = |path: &str| format!("{}{path}", self.identity);
        let form = String::from_utf8(ask.body.clone().unwrap_or_default()).unwrap();
        let mut answer = match (ask.method, path) {
            ("OPTIONS", _) => return self.preflight(ask),
            ("GET", "/.well-known/openid-configuration") => reply(
                200,
                "application/json",
                &json!({
                    "issuer": self.identity,
                    "authorization_endpoint": at("/v1/oauth/authorize"),
                    "token_endpoint": at("/v1/oauth/token"),
                    "jwks_uri": at("/.well-known/jwks.json"),
                    "revocation_endpoint": at("/v1/oauth/revoke"),
                    "code_challenge_methods_supported": ["S256"],
                })
                .to_string(),
            ),
            ("GET", "/.well-known/jwks.json") => reply(200, "application/json", r#"{"keys":[]}"#),
            ("POST", "/v1/oauth/token") if form.contains("code_verifier=") => {
                reply(400, "application/json", r#"{"error":"invalid_grant"}"#)
            }
            ("POST", "/v1/oauth/revoke") if form.contains("client_id=") => {
                reply(200, "application/json", "")
            }
            ("GET", "/v1/oauth/authorize") => {
                let ours = loop_sdk::url::encode_component(&self.redirect_uri());
                return if ask.url.contains(&format!("redirect_uri={ours}&")) {
                    reply(200, "text/html", "<!doctype html>sign in")
                } else {
                    reply(400, "text/html", "<!doctype html>this app cannot connect")
                };
            }
            _ => reply(404, "application/json", r#"{"error":"not_found"}"#),
        };
        self.share(ask, &mut answer);
        answer
    }

    fn clinical(&self, ask: &Ask) -> Answer {
        if ask.method == "OPTIONS" {
            return self.preflight(ask);
        }
        let mut answer = reply(401, "application/json", r#"{"error":"unauthenticated"}"#);
        set(
            &mut answer,
            "access-control-expose-headers",
            "Retry-After, WWW-Authenticate",
        );
        self.share(ask, &mut answer);
        answer
    }

    fn preflight(&self, ask: &Ask) -> Answer {
        let mut answer = reply(204, "text/plain", "");
        set(
            &mut answer,
            "access-control-allow-headers",
            "authorization, content-type",
        );
        self.share(ask, &mut answer);
        answer
    }

    /// Lets the app's origin read it, when that is who asks.
    fn share(&self, ask: &Ask, answer: &mut Answer) {
        if ask
            .headers
            .iter()
            .any(|(name, value)| *name == "origin" && *value == self.app)
        {
            set(answer, "access-control-allow-origin", &self.app);
        }
    }

    fn receive(ask: &Ask) -> Answer {
        if ask.method != "POST" {
            return reply(405, "text/plain", "");
        }
        let verifier = Verifier::new(CLIENT, [Secret::new(SECRET).unwrap()]).unwrap();
        let body = ask.body.clone().unwrap();
        let headers = ask
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_bytes()));
        let read =
            Headers::read(headers).and_then(|headers| verifier.verify(headers, &body)?.parse());
        match read {
            Ok(_) => reply(200, "text/plain", ""),
            Err(reject) => reply(reject.status(), "text/plain", ""),
        }
    }
}

/// The files of the site, by path.
fn file(path: &str) -> Option<&'static str> {
    match path {
        WASM => Some("\0asm, so to speak"),
        CHUNK => Some("\0asm, the rest of it"),
        GLUE => Some("export const start = 1;"),
        BOOT => Some("const boot = 1;"),
        STYLE => Some("body{margin:0}"),
        WORDS => Some("Deutsch"),
        CATALOGUE => Some("{\"version\":1}"),
        "/icon.svg" => Some("<svg/>"),
        _ => None,
    }
}

pub fn index() -> String {
    let digest = |text: &str| format!("sha384-{}", STANDARD.encode(Sha384::digest(text)));
    let [wasm, chunk, glue, boot, style, words] =
        [WASM, CHUNK, GLUE, BOOT, STYLE, WORDS].map(|path| digest(file(path).unwrap()));
    let (first, second) = file(WASM).unwrap().split_at(5);
    let parts = [first, second].map(|part| {
        let (length, digest) = (part.len(), digest(part));
        format!("<meta name=\"app-part\" content=\"{length}\" data-integrity=\"{digest}\">")
    });
    let parts = parts.concat();
    // Some values without quotes, as the build writes them.
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>A <script> in a title</title>\
         <link href=/icon.svg rel=icon><link href=/loop.config.json rel=preload as=fetch crossorigin><link href={STYLE} integrity={style} rel=stylesheet>\
         <meta content={GLUE} name=app-js><meta content={glue} name=app-js-integrity>\
         <link href={WASM} rel=preload as=fetch crossorigin><meta content={WASM} name=app-wasm><meta content={wasm} name=app-wasm-integrity>\
         <link href={GLUE} integrity={glue} rel=modulepreload>{parts}\
         <meta name=\"app-language\" content=\"{WORDS}\" data-tag=\"de\" data-integrity=\"{words}\">\
         <meta name=\"app-chunk\" content=\"{CHUNK}\" data-integrity=\"{chunk}\">\
         <script integrity={boot} src={BOOT} type=module></script></head><body><p hidden id=boot role=status>Loading</p></body></html>"
    )
}

pub fn reply(status: u16, kind: &str, body: &str) -> Answer {
    Answer {
        status,
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body: body.as_bytes().to_vec(),
        is_whole: true,
    }
}

/// Replaces a header.
pub fn set(answer: &mut Answer, name: &str, value: &str) {
    drop_header(answer, name);
    answer.headers.push((name.to_owned(), value.to_owned()));
}

/// Takes a header away.
pub fn drop_header(answer: &mut Answer, name: &str) {
    answer.headers.retain(|(own, _)| own != name);
}

/// Replaces a text in the body.
pub fn swap(answer: &mut Answer, from: &str, to: &str) {
    let body = String::from_utf8(std::mem::take(&mut answer.body)).unwrap();
    assert!(body.contains(from), "{from} is not in {body}");
    answer.body = body.replace(from, to).into_bytes();
}
