//! Switches: each contradiction of the documentation, token lifetimes, and answers that a careful client must refuse.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How the sandbox behaves where a platform may behave in more than one way. The default is the strict, documented way.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, named in the wire format"
)]
pub struct Switches {
    /// Life of an access token.
    pub access_token_ttl_seconds: i64,
    /// Life of a refresh token, from its last use.
    pub refresh_token_ttl_seconds: i64,
    /// What `id_token`s are signed with.
    pub id_token_alg: IdTokenAlg,
    /// What is wrong with every id_token.
    pub broken_id_token: Option<BrokenIdToken>,
    /// C1: 403 or 401.
    pub insufficient_scope_status: u16,
    /// C2.
    pub error_shape: ErrorShape,
    /// C3: whether `openid` without `nonce` is refused.
    pub nonce_required: bool,
    /// C4: whether clinical remembers for 60 seconds what it was told about a token.
    pub introspection_cache: bool,
    /// C7: 400 or 422.
    pub invalid_input_status: u16,
    /// Whether a browser may read `Retry-After` and the other headers.
    pub expose_headers: bool,
    /// `iss` of the callback (RFC 9207).
    pub callback_iss: Echo,
    /// `state` of the callback.
    pub callback_state: Echo,
    /// Grants these scopes, whatever the person ticked.
    pub grant_scopes: Option<String>,
    /// Sends `expires_in` as a string.
    pub expires_in_as_string: bool,
    /// Leaves `expires_in` out.
    pub omit_expires_in: bool,
    /// `token_type` of the token answer.
    pub token_type: String,
    /// Whether the documented limits are kept.
    #[serde(deserialize_with = "on_or_off")]
    pub rate_limits: bool,
    /// Whether `openid` brings an id_token.
    pub include_id_token: bool,
    /// What happens when a refresh token comes that a later authorization replaced. Not documented.
    pub replaced_refresh_token: Replaced,
    /// C5: which of its two names the event of a new result has.
    pub webhook_event_names: EventNames,
    /// How long a webhook's receiver has for its answer: 1 to 60,000.
    pub webhook_timeout_ms: u64,
    /// Served as `loop.config.json`: JSON, or a text that is sent as it is.
    pub app_config: Option<Value>,
}

/// Signature algorithms the sandbox has a key for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdTokenAlg {
    /// ECDSA on P-256.
    ES256,
    /// Ed25519.
    #[serde(alias = "Ed25519")]
    EdDSA,
}

/// Ways to break an id_token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokenIdToken {
    /// One bit of the signature is flipped.
    Signature,
    /// Another nonce.
    Nonce,
    /// For another client.
    Aud,
    /// From another issuer.
    Iss,
    /// Expired an hour ago.
    Exp,
    /// Unsigned.
    AlgNone,
    /// HMAC with the public key as the secret.
    AlgHs256,
    /// The hash of another access token.
    AtHash,
    /// Nobody.
    MissingSub,
    /// A key that is not in the set.
    UnknownKid,
}

/// The two documented shapes of an error body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorShape {
    /// `{error, error_description}`
    Oauth,
    /// `{error, message}`
    Message,
}

/// How a parameter of the callback comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Echo {
    /// As it should.
    Right,
    /// As something else.
    Wrong,
    /// Not at all.
    Absent,
}

/// The two documented styles of an event's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventNames {
    /// `clinical.biomarker.parsed.v1`
    Versioned,
    /// `biomarker.result.created`
    Unversioned,
}

/// What a replaced refresh token does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replaced {
    /// It is dead, nothing more.
    Refused,
    /// It counts as reuse.
    RevokesGrant,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            access_token_ttl_seconds: 3600,
            refresh_token_ttl_seconds: 90 * 86_400,
            id_token_alg: IdTokenAlg::ES256,
            broken_id_token: None,
            insufficient_scope_status: 403,
            error_shape: ErrorShape::Oauth,
            nonce_required: true,
            introspection_cache: false,
            invalid_input_status: 400,
            expose_headers: true,
            callback_iss: Echo::Right,
            callback_state: Echo::Right,
            grant_scopes: None,
            expires_in_as_string: false,
            omit_expires_in: false,
            token_type: "Bearer".to_owned(),
            rate_limits: true,
            include_id_token: true,
            replaced_refresh_token: Replaced::Refused,
            webhook_event_names: EventNames::Versioned,
            webhook_timeout_ms: 10_000,
            app_config: None,
        }
    }
}

impl Switches {
    /// Overlays the members of a JSON object; all of them, or none with the reason.
    pub(crate) fn merge(&self, changes: &Value) -> Result<Self, String> {
        let changes = changes.as_object().ok_or("switches are a JSON object")?;
        let Ok(Value::Object(mut all)) = serde_json::to_value(self) else {
            return Err("the switches cannot be written as JSON".to_owned());
        };
        all.extend(changes.clone());
        let merged: Self =
            serde_json::from_value(Value::Object(all)).map_err(|error| error.to_string())?;
        for (name, status, allowed) in [
            (
                "insufficient_scope_status",
                merged.insufficient_scope_status,
                [401, 403],
            ),
            (
                "invalid_input_status",
                merged.invalid_input_status,
                [400, 422],
            ),
        ] {
            if !allowed.contains(&status) {
                return Err(format!("{name} is {} or {}", allowed[0], allowed[1]));
            }
        }
        if !(1..=60_000).contains(&merged.webhook_timeout_ms) {
            return Err("webhook_timeout_ms is 1 to 60000".to_owned());
        }
        Ok(merged)
    }

    /// Overlays one `name=value`, where the value is JSON or, failing that, a text.
    pub(crate) fn merge_flag(&self, text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("it needs the form NAME=VALUE")?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        self.merge(&Value::Object(
            [(name.to_owned(), value)].into_iter().collect(),
        ))
    }
}

fn on_or_off<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Bool(on) => Ok(on),
        Value::String(text) if text == "on" => Ok(true),
        Value::String(text) if text == "off" => Ok(false),
        _ => Err(serde::de::Error::custom(
            "expected true, false, \"on\" or \"off\"",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_json_or_a_text() {
        let switches = Switches::default();
        assert_eq!(
            switches
                .merge_flag("insufficient_scope_status=401")
                .unwrap()
                .insufficient_scope_status,
            401
        );
        assert_eq!(
            switches
                .merge_flag("callback_iss=wrong")
                .unwrap()
                .callback_iss,
            Echo::Wrong
        );
        assert!(!switches.merge_flag("rate_limits=off").unwrap().rate_limits);
        assert!(
            switches
                .merge_flag("grant_scopes=null")
                .unwrap()
                .grant_scopes
                .is_none()
        );
        for wrong in [
            "insufficient_scope_status=404",
            "nothing=1",
            "callback_iss",
            "callback_iss=left",
            "webhook_timeout_ms=0",
        ] {
            assert!(switches.merge_flag(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wrong_member_changes_nothing() {
        let changes = serde_json::json!({ "nonce_required": false, "typo": 1 });
        assert!(Switches::default().merge(&changes).is_err());
    }
}
