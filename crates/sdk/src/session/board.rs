//! What all tabs of this origin can see at once: whose session it is, which refresh token has been sent, when somebody was
//! last there, and until when the platform asked for a pause. No token and no health value.
//!
//! Each fact stands under a key of its own, so that two tabs never overwrite each other's. Whatever is read is untrusted:
//! what cannot be read counts as missing, and a missing fact makes the session stricter, never laxer.

use loop_contracts::time::Timestamp;

use crate::env::{Env, NoSharedStore};

/// The family of the session: a random name that every sign-in makes anew. Written when somebody signs in or leaves.
const FAMILY: &str = "loop.family.v2";
/// A family, and how many of its refresh tokens have been sent. Written under the lock alone.
const SENT: &str = "loop.sent.v2";
/// The sign-ins whose codes were exchanged lately, the newest last.
const EXCHANGES: &str = "loop.exchanges.v2";
/// When somebody last did something, by the device's clock.
const ACTIVE: &str = "loop.active.v2";
/// After how many minutes without anybody the person wants the session to end. Theirs, and so longer than a session.
const IDLE: &str = "loop.idle.v1";
/// When somebody went to the consent page lately.
const SIGN_INS: &str = "loop.sign-ins.v2";
/// The pause of one kind of call; its name follows.
const PAUSE: &str = "loop.pause.v2.";
/// How many calls of one kind were made lately; its name follows.
const CALLS: &str = "loop.calls.v2.";

/// So many sign-ins are remembered.
const SIGN_INS_KEPT: usize = 4;

/// The current family. `Ok(None)`: nobody is signed in, in any tab.
pub(crate) fn family(env: &impl Env) -> Result<Option<String>, NoSharedStore> {
    env.shared_load(FAMILY)
}

/// A new family begins, and whatever was before is over in every tab.
pub(crate) fn begin(env: &impl Env, family: &str) {
    // First: a tab that sees the family and does not know when somebody was last there must take nobody to be there.
    touch(env);
    // Without a shared store this tab is on its own, and never refreshes.
    let _ = env.shared_store(FAMILY, family);
}

/// The session of this family is over in every tab. Another one is left alone. When the newest refresh token is not that of
/// `generation`, what has been sent stays written, so that the tab that has the newest knows that it must revoke it.
pub(crate) fn end(env: &impl Env, family: &str, generation: u32) {
    if self::family(env).is_ok_and(|current| current.as_deref() == Some(family)) {
        if sent(env, family).is_ok_and(|sent| sent <= generation) {
            env.shared_remove(SENT);
        }
        for key in [FAMILY, ACTIVE, EXCHANGES] {
            env.shared_remove(key);
        }
    }
}

/// Whether the session of this family has ended in a tab that did not have the newest tokens, and those of `generation` are
/// the newest. Said once.
pub(crate) fn is_left_over(env: &impl Env, family: &str, generation: u32) -> bool {
    let has_ended = self::family(env) == Ok(None);
    let newest = format!("{family} {generation}");
    let is_newest = env.shared_load(SENT).is_ok_and(|sent| sent == Some(newest));
    if has_ended && is_newest {
        env.shared_remove(SENT);
    }
    has_ended && is_newest
}

/// How many refresh tokens of a family have been sent: the one of generation `n` may go out only when this is `n`.
pub(crate) fn sent(env: &impl Env, family: &str) -> Result<u32, NoSharedStore> {
    let Some(text) = env.shared_load(SENT)? else {
        return Ok(0);
    };
    Ok(match text.split_once(' ') {
        Some((own, count)) if own == family => number(count).map_or(u32::MAX, clamp),
        // Of a session before this one.
        Some(_) => 0,
        None => u32::MAX,
    })
}

/// Writes that so many have been sent, and makes sure that it stands there.
pub(crate) fn set_sent(env: &impl Env, family: &str, count: u32) -> Result<(), NoSharedStore> {
    let text = format!("{family} {count}");
    env.shared_store(SENT, &text)?;
    let stands = env.shared_load(SENT)?;
    if stands.as_deref() == Some(&text) {
        Ok(())
    } else {
        Err(NoSharedStore)
    }
}

/// The code of a sign-in is about to be exchanged; `state` names the sign-in. `false` when that has been tried before, in
/// whatever tab: a tab may be a copy of the one that asked.
pub(crate) fn begin_exchange(env: &impl Env, state: &str) -> Result<bool, NoSharedStore> {
    let known = env.shared_load(EXCHANGES)?.unwrap_or_default();
    let name = name_of(state);
    if known.split(' ').any(|own| own == name) {
        return Ok(false);
    }
    let mut names: Vec<&str> = known.split(' ').rev().take(SIGN_INS_KEPT - 1).collect();
    names.reverse();
    names.push(name);
    env.shared_store(EXCHANGES, names.join(" ").trim())?;
    Ok(true)
}

/// Whether the code of this sign-in has been sent lately, by whatever tab.
pub(crate) fn is_exchanged(env: &impl Env, state: &str) -> bool {
    let known = env.shared_load(EXCHANGES).ok().flatten();
    known.is_some_and(|known| known.split(' ').any(|own| own == name_of(state)))
}

/// Whether the code of another sign-in has been exchanged since: the platform has then replaced what this one brought.
pub(crate) fn is_overtaken(env: &impl Env, state: &str) -> bool {
    let known = env.shared_load(EXCHANGES).ok().flatten();
    let last = known
        .as_deref()
        .and_then(|known| known.split(' ').next_back());
    last.is_some_and(|last| last != name_of(state))
}

/// Enough of a `state` to tell it from others, and too little to be one.
fn name_of(state: &str) -> &str {
    state.get(..12).unwrap_or(state)
}

/// Somebody is there. Where tabs share nothing, this tab remembers it.
pub(crate) fn touch(env: &impl Env) {
    keep(env, ACTIVE, &env.now().0.to_string());
}

/// When somebody was last there.
pub(crate) fn last_active(env: &impl Env) -> Option<Timestamp> {
    let text = find(env, ACTIVE)?;
    number(&text).map(Timestamp)
}

/// After how many minutes without anybody the person wants the session to end, whatever was written there.
pub(crate) fn idle_minutes(env: &impl Env) -> Option<i64> {
    number(&find(env, IDLE)?)
}

/// Keeps what the person chose.
pub(crate) fn set_idle_minutes(env: &impl Env, minutes: i64) {
    keep(env, IDLE, &minutes.to_string());
}

/// A pause that the platform asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pause {
    /// Nothing is sent before.
    pub(crate) until: Timestamp,
    /// How often in a row the platform asked for one.
    pub(crate) times: u32,
}

/// The pause of a kind of call.
pub(crate) fn pause(env: &impl Env, kind: &str) -> Pause {
    let (until, times) = pair(env, PAUSE, kind).unwrap_or_default();
    Pause {
        until: Timestamp(until),
        times,
    }
}

/// Sets the pause of a kind of call.
pub(crate) fn set_pause(env: &impl Env, kind: &str, pause: Pause) {
    set_pair(env, PAUSE, kind, pause.until.0, pause.times);
}

/// Calls of one kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calls {
    /// When counting began.
    pub(crate) since: Timestamp,
    /// How many since.
    pub(crate) count: u32,
}

/// The calls of a kind, as they stand.
pub(crate) fn calls(env: &impl Env, kind: &str) -> Calls {
    let (since, count) = pair(env, CALLS, kind).unwrap_or_default();
    Calls {
        since: Timestamp(since),
        count,
    }
}

/// Writes them down.
pub(crate) fn set_calls(env: &impl Env, kind: &str, calls: Calls) {
    set_pair(env, CALLS, kind, calls.since.0, calls.count);
}

/// Two numbers under one key. Where tabs share nothing, this tab's own.
fn pair(env: &impl Env, prefix: &str, kind: &str) -> Option<(i64, u32)> {
    let key = format!("{prefix}{kind}");
    let text = find(env, &key)?;
    let (first, second) = text.split_once(' ')?;
    Some((number(first)?, clamp(number(second)?)))
}

fn set_pair(env: &impl Env, prefix: &str, kind: &str, first: i64, second: u32) {
    let key = format!("{prefix}{kind}");
    keep(env, &key, &format!("{first} {second}"));
}

/// When somebody went to the consent page, within the last so many milliseconds.
pub(crate) fn sign_ins(env: &impl Env, within: i64) -> Vec<Timestamp> {
    let text = find(env, SIGN_INS).unwrap_or_default();
    let times = text.split(' ').filter_map(number).map(Timestamp);
    let is_recent = |time: &Timestamp| (0..within).contains(&env.now().since(*time));
    times.filter(is_recent).collect()
}

/// Writes them down.
pub(crate) fn set_sign_ins(env: &impl Env, times: &[Timestamp]) {
    let texts: Vec<String> = times.iter().map(|time| time.0.to_string()).collect();
    keep(env, SIGN_INS, &texts.join(" "));
}

/// What stands on the board or, where tabs share nothing, in this tab's own store.
fn find(env: &impl Env, key: &str) -> Option<String> {
    let text = env.shared_load(key).ok().flatten();
    text.or_else(|| env.load(key))
}

fn keep(env: &impl Env, key: &str, text: &str) {
    if env.shared_store(key, text).is_err() {
        env.store(key, text);
    }
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}

fn clamp(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
