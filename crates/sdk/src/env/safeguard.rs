//! The rules that keep a session alive and private, by name.

/// A rule of the session or the pipeline. The simulator switches them off one at a time, to show that it would notice;
/// nothing else can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safeguard {
    /// One tab at a time refreshes.
    Lock,
    /// Whoever gets the lock looks again whether a refresh is still needed.
    RecheckUnderLock,
    /// Before a refresh token goes out, all tabs can see that it has been sent.
    SentMark,
    /// A refresh whose answer is lost is never sent again.
    AtMostOnce,
    /// A tab that holds a spent token asks its siblings for the one that replaced it.
    AskSiblings,
    /// An older record never replaces a newer one.
    Generation,
    /// A record counts only while its family is the browser's current one.
    Family,
    /// A code is exchanged while no refresh is on its way.
    ExchangeUnderLock,
    /// A refresh that comes back to a session that is over is dropped.
    DropLateAnswer,
    /// What is dropped so is revoked.
    RevokeOrphan,
    /// Data is given only to the person it was asked for.
    SubjectBinding,
    /// After "too many requests" nothing is sent until the pause is over.
    Pause,
    /// A refused token is refreshed once a call.
    RefreshOnce,
    /// A third sign-in within a minute is stopped.
    LoopBreaker,
    /// Leaving reaches every tab.
    LeaveEverywhere,
    /// A session that nobody used for long ends.
    IdleLimit,
    /// A tab that wakes looks before it shows.
    LookOnWake,
    /// A transaction is used once.
    TransactionOnce,
    /// What is bound to a key is sent with a proof.
    Proof,
    /// A proof is sent once.
    ProofOnce,
    /// Tokens that were asked for with a proof are bound to its key.
    Downgrade,
    /// A request is repeated for a nonce once.
    NonceOnce,
    /// A refresh that was refused for its nonce has not used the token.
    NonceIsNoUse,
    /// A session whose key is gone ends.
    KeyGone,
    /// A key goes with its session.
    ForgetKey,
    /// A key that another tab needs stays.
    KeepKey,
}

impl Safeguard {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 26] = [
        Self::Lock,
        Self::RecheckUnderLock,
        Self::SentMark,
        Self::AtMostOnce,
        Self::AskSiblings,
        Self::Generation,
        Self::Family,
        Self::ExchangeUnderLock,
        Self::DropLateAnswer,
        Self::RevokeOrphan,
        Self::SubjectBinding,
        Self::Pause,
        Self::RefreshOnce,
        Self::LoopBreaker,
        Self::LeaveEverywhere,
        Self::IdleLimit,
        Self::LookOnWake,
        Self::TransactionOnce,
        Self::Proof,
        Self::ProofOnce,
        Self::Downgrade,
        Self::NonceOnce,
        Self::NonceIsNoUse,
        Self::KeyGone,
        Self::ForgetKey,
        Self::KeepKey,
    ];
}
