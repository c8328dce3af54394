//! What a scope means to a person.

use loop_contracts::scope::Scope;

use crate::format;
use crate::language::Phrase;
use crate::markup::Text;

/// The title of a scope, and what granting it lets through. One that this version does not know, or that means nothing to a
/// person (`openid`), has its own name for a title.
pub fn scope_words(scope: &Scope) -> (Text, Option<Phrase>) {
    let (title, words) = match scope {
        Scope::Profile => (Phrase::ScopeProfile, Phrase::ScopeProfileWords),
        Scope::Email => (Phrase::ScopeEmail, Phrase::ScopeEmailWords),
        Scope::OfflineAccess => (Phrase::ScopeOffline, Phrase::ScopeOfflineWords),
        Scope::ReadAccount => (Phrase::ScopeAccount, Phrase::ScopeAccountWords),
        Scope::ManageConnectedApps => (Phrase::ScopeApps, Phrase::ScopeAppsWords),
        Scope::ReadBiomarkers => (Phrase::ScopeBiomarkers, Phrase::ScopeBiomarkersWords),
        Scope::WriteBiomarkers => (Phrase::ScopeAddBiomarkers, Phrase::ScopeAddBiomarkersWords),
        Scope::ReadProtocols => (Phrase::ScopeProtocols, Phrase::ScopeProtocolsWords),
        Scope::WriteProtocols => (
            Phrase::ScopeChangeProtocols,
            Phrase::ScopeChangeProtocolsWords,
        ),
        Scope::ReadCheckIns => (Phrase::ScopeCheckIns, Phrase::ScopeCheckInsWords),
        Scope::WriteCheckIns => (
            Phrase::ScopeAnswerCheckIns,
            Phrase::ScopeAnswerCheckInsWords,
        ),
        Scope::ReadRecommendations => (Phrase::ScopeAdvice, Phrase::ScopeAdviceWords),
        Scope::ReadRedFlags => (Phrase::CareFlags, Phrase::ScopeFlagsWords),
        Scope::ReadProfile => (Phrase::ScopeHealth, Phrase::ScopeHealthWords),
        Scope::ReadWearables => (Phrase::ScopeWearables, Phrase::ScopeWearablesWords),
        Scope::WriteWearables => (Phrase::ScopeAddWearables, Phrase::ScopeAddWearablesWords),
        _ => return (format::clean(scope.as_str(), 60).into(), None),
    };
    (title.into(), Some(words))
}

#[cfg(test)]
mod tests;
