//! What an app may ask a person for.

use std::fmt;

#[cfg(feature = "serde")]
use serde::{Serialize, Serializer};

use crate::json::{FromJson, Json, ToJson};
use crate::json_object;
use crate::open_enum::open_enum;

open_enum! {
    /// One scope. The documented list is known to be incomplete, so unknown scopes are carried unharmed.
    pub enum Scope {
        /// Asks for an id_token (OpenID Connect Core §3.1.2.1).
        Openid = "openid",
        /// The person's name.
        Profile = "profile",
        /// The person's e-mail address.
        Email = "email",
        /// Asks for a refresh token where a server wants that said (OpenID Connect Core §11). Loop does not need it.
        OfflineAccess = "offline_access",
        /// Account settings.
        ReadAccount = "read:account",
        /// See and disconnect apps.
        ManageConnectedApps = "manage:connected_apps",
        /// Lab results.
        ReadBiomarkers = "read:biomarkers",
        /// Add lab results.
        WriteBiomarkers = "write:biomarkers",
        /// Care protocols.
        ReadProtocols = "read:protocols",
        /// Change care protocols.
        WriteProtocols = "write:protocols",
        /// Check-ins.
        ReadCheckIns = "read:check_ins",
        /// Answer check-ins.
        WriteCheckIns = "write:check_ins",
        /// Recommendations.
        ReadRecommendations = "read:recommendations",
        /// Clinician-grade safety flags.
        ReadRedFlags = "read:red_flags",
        /// Health profile and order history; not the same as `profile`.
        ReadProfile = "read:profile",
        /// Wearable data.
        ReadWearables = "read:wearables",
        /// Add wearable data.
        WriteWearables = "write:wearables",
    }
}

/// What a scope means to the person who is asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainWords {
    /// A short name, as in "Your lab results".
    pub title: &'static str,
    /// What exactly is shared.
    pub detail: &'static str,
}

impl Scope {
    /// Whether granting it lets protected health information through, so that a BAA must be signed first.
    ///
    /// An unknown scope counts as PHI unless it is plainly about the account: better one question too many.
    pub fn is_phi(&self) -> bool {
        !matches!(
            self,
            Self::Openid
                | Self::Profile
                | Self::Email
                | Self::OfflineAccess
                | Self::ReadAccount
                | Self::ManageConnectedApps
        )
    }

    /// The words a consent screen uses, or `None` for a scope this version does not know and for those that mean
    /// nothing to a person (`openid`).
    pub fn plain_words(&self) -> Option<PlainWords> {
        let (title, detail) = match self {
            Self::Openid | Self::Other(_) => return None,
            Self::Profile => ("Who you are", "your name, to greet you"),
            Self::Email => ("Your e-mail address", "the address of your Loop account"),
            Self::OfflineAccess => ("Stay connected", "until you disconnect"),
            Self::ReadAccount => ("Your account settings", "language, time zone, preferences"),
            Self::ManageConnectedApps => ("Your connected apps", "see them and disconnect them"),
            Self::ReadBiomarkers => ("Your lab results", "values, ranges and dates"),
            Self::WriteBiomarkers => ("Add lab results", "new values in your record"),
            Self::ReadProtocols => ("Your protocols", "the care plans you follow"),
            Self::WriteProtocols => ("Change your protocols", "start, change or stop a care plan"),
            Self::ReadCheckIns => ("Your check-ins", "goals, mood, sleep, what you wrote"),
            Self::WriteCheckIns => ("Answer check-ins", "in your name, when you ask for it"),
            Self::ReadRecommendations => ("Your recommendations", "what Loop suggests, and why"),
            Self::ReadRedFlags => ("Safety flags", "warnings meant for a clinician"),
            Self::ReadProfile => ("Your health profile", "profile and order history"),
            Self::ReadWearables => ("Your wearables", "sleep, activity, heart rate"),
            Self::WriteWearables => ("Add wearable data", "new measurements in your record"),
        };
        Some(PlainWords { title, detail })
    }

    /// Whether the text is a scope token: printable ASCII without space, quote and backslash.
    ///
    /// # Specification
    /// RFC 6749 §3.3
    pub fn is_valid_token(text: &str) -> bool {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
    }
}

/// A set of scopes, written as one space-separated string. Order does not matter; duplicates vanish. A sorted list: there
/// are a handful.
///
/// # Specification
/// RFC 6749 §3.3
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeSet(Vec<Scope>);

impl ScopeSet {
    /// Reads a space-separated list. Runs of spaces are forgiven, as several servers send them.
    pub fn parse(text: &str) -> Self {
        text.split(' ')
            .filter(|part| !part.is_empty())
            .map(Scope::from)
            .collect()
    }

    /// Whether the scope is in the set.
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// The scopes in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }

    /// Whether there is no scope at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is in `self` and not in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let only_here = self.iter().filter(|scope| !other.contains(scope));
        Self(only_here.cloned().collect())
    }

    /// What is in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).cloned().collect()
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut set = Self::default();
        for scope in scopes {
            if let Err(place) = set.0.binary_search(&scope) {
                set.0.insert(place, scope);
            }
        }
        set
    }
}

impl From<Scope> for ScopeSet {
    fn from(scope: Scope) -> Self {
        Self(vec![scope])
    }
}

/// As [`ScopeSet::parse`].
impl From<&str> for ScopeSet {
    fn from(text: &str) -> Self {
        Self::parse(text)
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl Serialize for ScopeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromJson<'_> for ScopeSet {
    fn from_json(json: Json<'_>) -> Option<Self> {
        String::from_json(json).map(|text| Self::parse(&text))
    }
}
json_object!(@serde ScopeSet);

impl ToJson for ScopeSet {
    fn to_json(&self, out: &mut String) {
        self.to_string().to_json(out);
    }
}
