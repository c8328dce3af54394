//! The token endpoint and the revocation endpoint: which tokens there are, and what becomes of each.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_sdk::env::HttpRequest;
use loop_sdk::url::decode_form;
use serde_json::{Value, json};

use super::{Access, CLIENT, FRESH, Fault, ISSUER, Platform, Refresh, State};

impl Platform {
    pub(super) fn token_call(&mut self, request: &HttpRequest) -> Option<(u16, Value)> {
        let form = decode_form(request.body.as_deref().unwrap_or_default()).unwrap_or_default();
        let field = |name: &str| {
            let found = form.iter().find(|(own, _)| own == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let (code, token) = (field("code"), field("refresh_token"));
        let is_code = field("grant_type") == "authorization_code";
        if !is_code {
            self.keeps_to_the_pause("token");
        }
        let of_code = self.codes.get(&code).and_then(|entry| entry.key.clone());
        let of_token = self.refresh.get(&token).and_then(|entry| entry.key.clone());
        let key = if is_code { of_code } else { of_token };
        if let Err(answer) = self.is_proven(request, "token", key.as_deref(), None) {
            return Some(answer);
        }
        if is_code {
            return Some(self.exchange(&code));
        }
        match self.token_faults.pop() {
            Some(Fault::TooMany { seconds }) => return Some(self.too_many("token", seconds)),
            Some(Fault::Unavailable) => {
                return Some((503, json!({"error": "temporarily_unavailable"})));
            }
            Some(Fault::Broken) => {
                self.confused = true;
                // It broke after the token was spent: the worst of both.
                self.rotate(&field("refresh_token"));
                return Some((500, json!({"error": "server_error"})));
            }
            Some(Fault::NoJson) => {
                self.confused = true;
                self.rotate(&field("refresh_token"));
                return None;
            }
            Some(Fault::RefusesToken) | None => {}
        }
        Some(self.rotate(&field("refresh_token")))
    }

    fn exchange(&mut self, code: &str) -> (u16, Value) {
        let Some(entry) = self.codes.get_mut(code) else {
            self.broken.push("a code that was never given".to_owned());
            return (400, json!({"error": "invalid_grant"}));
        };
        if entry.used {
            self.broken.push("a code was sent twice".to_owned());
            return (400, json!({"error": "invalid_grant"}));
        }
        entry.used = true;
        self.refused_in_a_row.clear();
        let (subject, nonce, scope, key) = (
            entry.subject.clone(),
            entry.nonce.clone(),
            entry.scope.clone(),
            entry.key.clone(),
        );
        for token in self.refresh.values_mut() {
            if token.subject == subject && token.state == State::Live {
                token.state = State::Replaced;
            }
        }
        (200, self.tokens(&subject, Some(&nonce), &scope, key))
    }

    fn rotate(&mut self, token: &str) -> (u16, Value) {
        let Some(entry) = self.refresh.get_mut(token) else {
            self.broken
                .push("a refresh token that was never given".to_owned());
            return (400, json!({"error": "invalid_grant"}));
        };
        let (subject, key) = (entry.subject.clone(), entry.key.clone());
        match entry.state {
            State::Live => {
                entry.state = State::Used;
                if self.one_call && self.refused_in_a_row.len() > 1 {
                    self.broken
                        .push("a token was refreshed again and again for one call".to_owned());
                }
                let newest = self
                    .access
                    .values()
                    .filter(|token| token.is_good && token.subject == subject);
                let left = newest
                    .map(|token| token.expires - self.now)
                    .max()
                    .unwrap_or_default();
                if left > FRESH.max(self.life / 4) && !self.clock_was_set && !self.refused {
                    self.broken.push(format!(
                        "a token that was good for {left} ms more was refreshed"
                    ));
                }
                self.refused = false;
                (
                    200,
                    self.tokens(&subject, None, "openid profile read:biomarkers", key),
                )
            }
            State::Dead => (400, json!({"error": "invalid_grant"})),
            State::Used | State::Replaced => {
                let state = entry.state;
                self.broken.push(format!(
                    "an old refresh token came back ({state:?}): the grant is gone"
                ));
                self.kill(Some(&subject), State::Dead);
                (400, json!({"error": "invalid_grant"}))
            }
        }
    }

    fn tokens(
        &mut self,
        subject: &str,
        nonce: Option<&str>,
        scope: &str,
        key: Option<String>,
    ) -> Value {
        self.counter += 1;
        let is_downgraded = key.is_some() && std::mem::take(&mut self.proofs.downgrades);
        // Whoever takes such an answer is told so at the first call.
        let text = if is_downgraded { "unbound" } else { "at" };
        let kind = if key.is_some() && !is_downgraded {
            "DPoP"
        } else {
            "Bearer"
        };
        self.confused |= is_downgraded;
        let (access, refresh) = (
            format!("{text}_{}", self.counter),
            format!("rt_{}", self.counter),
        );
        let token = Access {
            subject: subject.to_owned(),
            key: key.clone().filter(|_| !is_downgraded),
            expires: self.now + self.life,
            is_good: true,
        };
        self.access.insert(access.clone(), token);
        let token = Refresh {
            subject: subject.to_owned(),
            key,
            state: State::Live,
        };
        self.refresh.insert(refresh.clone(), token);
        let mut answer = json!({"access_token": access, "refresh_token": refresh, "token_type": kind,
            "expires_in": self.life / 1000, "scope": scope});
        if let Some(nonce) = nonce {
            let seconds = self.now / 1000;
            let claims = json!({"iss": ISSUER, "aud": CLIENT, "sub": subject, "nonce": nonce, "iat": seconds, "exp": seconds + 300});
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            answer["id_token"] = json!(format!(
                "{}.{}.c2ln",
                part(&json!({"alg": "ES256", "kid": "1"})),
                part(&claims)
            ));
        }
        answer
    }

    pub(super) fn revoke(&mut self, request: &HttpRequest) {
        let form = decode_form(request.body.as_deref().unwrap_or_default()).unwrap_or_default();
        let token = form.iter().find(|(name, _)| name == "token");
        let Some((_, token)) = token else {
            return;
        };
        if let Some(access) = self.access.get_mut(token) {
            access.is_good = false;
        }
        // RFC 7009 §2.1: with the refresh token go the access tokens of its grant.
        if let Some(refresh) = self.refresh.get_mut(token)
            && refresh.state == State::Live
        {
            refresh.state = State::Dead;
            let subject = refresh.subject.clone();
            self.kill(Some(&subject), State::Dead);
        }
    }
}
