//! Check-ins: list, next, and answering one, once per idempotency key.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use loop_contracts::assumptions::IDEMPOTENCY_HEADER;
use loop_contracts::clinical::{CheckIn, NewCheckIn, NextCheckIn};
use loop_contracts::error::ErrorCode;
use loop_contracts::scope::Scope;
use loop_contracts::time::DateTime;
use serde_json::{Value, json};

use crate::clinical::{guarded, invalid_input, record};
use crate::form::Params;
use crate::limits::Bucket;
use crate::reply::{self, Refusal};
use crate::secret;
use crate::world::World;

const DAY_MS: i64 = 86_400_000;
/// The documented days. Another page says weekly (C9).
const MARKERS: [u32; 3] = [30, 60, 90];

/// What was answered under an idempotency key.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    /// Of the request's body.
    body_hash: String,
    answer: Value,
}

/// `GET /v1/check-ins`
pub(crate) async fn list(Shared(world): Shared<Arc<World>>, headers: HeaderMap) -> Response {
    guarded(
        &world,
        &headers,
        Some(Scope::ReadCheckIns),
        Bucket::Read,
        |caller, state| {
            Ok(reply::json(
                StatusCode::OK,
                &json!({ "check_ins": record(state, caller)?.check_ins }),
            ))
        },
    )
    .await
}

/// `GET /v1/check-ins/next?enrolled_at=…`
pub(crate) async fn next(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    guarded(
        &world,
        &headers,
        Some(Scope::ReadCheckIns),
        Bucket::Read,
        |caller, state| {
            let params = Params::of_query(&uri);
            let enrolled = params
                .get("enrolled_at")
                .and_then(|text| DateTime(text.to_owned()).timestamp());
            let Some(enrolled) = enrolled else {
                return Err(invalid_input(
                    &state.switches,
                    "enrolled_at is missing or not a date",
                ));
            };
            let done = &record(state, caller)?.check_ins;
            let open = MARKERS
                .into_iter()
                .find(|marker| !done.iter().any(|check_in| check_in.day_marker == *marker));
            let answer = NextCheckIn {
                day_marker: open,
                due_at: open
                    .map(|marker| DateTime::from(enrolled.plus(i64::from(marker) * DAY_MS))),
            };
            Ok(reply::json(StatusCode::OK, &answer))
        },
    )
    .await
}

/// `POST /v1/check-ins`. The same key with the same body gives the same answer, with another body 409.
pub(crate) async fn add(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let now = DateTime::from(world.now());
    guarded(
        &world,
        &headers,
        Some(Scope::WriteCheckIns),
        Bucket::Write,
        |caller, state| {
            let new: NewCheckIn = match serde_json::from_slice(&body) {
                Ok(new) => new,
                Err(error) => return Err(invalid_input(&state.switches, error.to_string())),
            };
            if let Some(words) = mistake(&new) {
                return Err(invalid_input(&state.switches, words));
            }
            let key = headers
                .get(IDEMPOTENCY_HEADER)
                .and_then(|value| value.to_str().ok());
            let slot = key.map(|key| (caller.sub.clone(), caller.client.clone(), key.to_owned()));
            let body_hash = secret::hash(&String::from_utf8_lossy(&body));
            if let Some(before) = slot.as_ref().and_then(|slot| state.answered.get(slot)) {
                return if before.body_hash == body_hash {
                    Ok(reply::noted(
                        reply::json(StatusCode::CREATED, &before.answer),
                        "same key, same answer",
                    ))
                } else {
                    Err(conflict(
                        "this idempotency key was used for another request",
                    ))
                };
            }
            let known = record(state, caller)?;
            if known.results.is_empty() {
                let code = ErrorCode::Other("precondition_failed".to_owned());
                return Err(Refusal::new(
                    StatusCode::PRECONDITION_FAILED,
                    code,
                    "the patient has no biomarkers yet",
                ));
            }
            if known
                .check_ins
                .iter()
                .any(|check_in| check_in.day_marker == new.day_marker)
            {
                return Err(conflict("this check-in was answered before"));
            }
            let check_in = CheckIn {
                id: secret::random("chk_")[..20].to_owned(),
                patient_id: caller.sub.clone(),
                day_marker: new.day_marker,
                goals: new.goals,
                wins: new.wins,
                blockers: new.blockers,
                protocol_changes: new.protocol_changes,
                mood: new.mood,
                weight_kg: new.weight_kg.map(|weight| weight.value()),
                sleep_quality: new.sleep_quality,
                completed_at: now.clone(),
                created_at: now,
            };
            let answer = serde_json::to_value(&check_in).unwrap_or_default();
            if let Some(record) = state.records.get_mut(&caller.sub) {
                record.check_ins.push(check_in);
            }
            if let Some(slot) = slot {
                state.answered.insert(
                    slot,
                    Answered {
                        body_hash,
                        answer: answer.clone(),
                    },
                );
            }
            Ok(reply::noted(
                reply::json(StatusCode::CREATED, &answer),
                "added",
            ))
        },
    )
    .await
}

fn conflict(words: &str) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, ErrorCode::Conflict, words)
}

/// What is wrong with it, by the documented bounds.
fn mistake(new: &NewCheckIn) -> Option<String> {
    for (name, list) in [
        ("goals", &new.goals),
        ("wins", &new.wins),
        ("blockers", &new.blockers),
    ] {
        if list.is_empty() || list.iter().any(|entry| entry.trim().is_empty()) {
            return Some(format!("{name} has at least one entry, and none is empty"));
        }
    }
    for (name, number) in [("mood", new.mood), ("sleep_quality", new.sleep_quality)] {
        if !(1..=10).contains(&number) {
            return Some(format!("{name} is 1 to 10"));
        }
    }
    if !MARKERS.contains(&new.day_marker) {
        return Some("day_marker is 30, 60 or 90".to_owned());
    }
    if new
        .weight_kg
        .as_ref()
        .is_some_and(|weight| weight.value() <= 0.0)
    {
        return Some("weight_kg is above 0".to_owned());
    }
    if new.enrolled_at.timestamp().is_none() {
        return Some("enrolled_at is not a date".to_owned());
    }
    None
}
