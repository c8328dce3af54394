//! Why the protocol refused something. Codes are stable; they carry no value of what was refused.

use loop_contracts::error::ErrorCode;

/// A step of the protocol said no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// What came in breaks a rule. Nothing of it is used.
    #[error("refused: {}", .0.code())]
    Refused(Reason),
    /// The authorization server answered with an error of its own.
    #[error("the server answered {}", .0.as_str())]
    Server(ErrorCode),
    /// The answer is not what the specification asks for: no JSON, too large, or fields missing.
    #[error("the {0} answer could not be read")]
    Unreadable(&'static str),
}

macro_rules! reasons {
    ($($(#[$meta:meta])* $variant:ident = $code:literal),+ $(,)?) => {
        /// The check that refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$meta])* $variant,)+
        }

        impl Reason {
            /// Every reason, for tables.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// A stable name for logs and tests.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }
    };
}

reasons! {
    /// Discovery names another issuer than the configured one (OpenID Connect Discovery §4.3).
    IssuerMismatch = "issuer_mismatch",
    /// An endpoint of the discovery document is not HTTPS.
    InsecureEndpoint = "insecure_endpoint",
    /// The server does not offer PKCE with S256.
    NoS256 = "no_s256",
    /// The callback's query cannot be read.
    MalformedCallback = "malformed_callback",
    /// A parameter of the callback is there twice (RFC 6749 §3.1).
    DuplicateParameter = "duplicate_parameter",
    /// The callback has no `state`.
    MissingState = "missing_state",
    /// No transaction of this tab has that `state`: another tab, another browser, used already, or forged.
    UnknownState = "unknown_state",
    /// The transaction is older than ten minutes.
    TransactionExpired = "transaction_expired",
    /// Tokens in a URL: the implicit flow, which nobody asked for.
    TokenInUrl = "token_in_url",
    /// A code and an error at once.
    CodeAndError = "code_and_error",
    /// Neither a code nor an error.
    MissingCode = "missing_code",
    /// `iss` is not the issuer that was asked (RFC 9207 §2.4).
    CallbackIssuerMismatch = "callback_issuer_mismatch",
    /// The server promises `iss` and it is not there (RFC 9207 §2.4).
    CallbackIssuerMissing = "callback_issuer_missing",
    /// The key that this sign-in promised is not in this browser any more (RFC 9449 §10).
    KeyMissing = "key_missing",
    /// The server does not take the code: too old, or used already (RFC 6749 §5.2).
    CodeRefused = "code_refused",
    /// A token type other than the one that was asked for: `Bearer`, or `DPoP` when the request proved a
    /// key.
    TokenType = "token_type",
    /// More was granted than asked.
    ScopeWidened = "scope_widened",
    /// An empty or unusable token.
    MalformedToken = "malformed_token",
    /// `openid` was asked and there is no id_token.
    IdTokenMissing = "id_token_missing",
    /// The id_token is no compact JWS, needs an extension, or is a token of another kind.
    IdTokenMalformed = "id_token_malformed",
    /// Signed with `none`, an HMAC, or an algorithm the server does not announce.
    IdTokenAlgorithm = "id_token_algorithm",
    /// No key of the server fits.
    IdTokenKey = "id_token_key",
    /// The signature does not hold.
    IdTokenSignature = "id_token_signature",
    /// `iss` (OpenID Connect Core §3.1.3.7 rule 2).
    IdTokenIssuer = "id_token_issuer",
    /// `aud` (rule 3).
    IdTokenAudience = "id_token_audience",
    /// `azp` (rules 4 and 5).
    IdTokenAuthorizedParty = "id_token_authorized_party",
    /// `exp` (rule 9).
    IdTokenExpired = "id_token_expired",
    /// `iat` missing, or in the future (rule 10).
    IdTokenIssuedAt = "id_token_issued_at",
    /// `nbf` in the future (RFC 7519 §4.1.5).
    IdTokenNotYet = "id_token_not_yet",
    /// `nonce` (rule 11).
    IdTokenNonce = "id_token_nonce",
    /// `at_hash` (OpenID Connect Core §3.1.3.8).
    IdTokenAccessTokenHash = "id_token_access_token_hash",
    /// `sub` missing, too long, or another than before.
    IdTokenSubject = "id_token_subject",
}

impl From<Reason> for ProtocolError {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}
