//! What the documentation does not say, in one place. Each is a default that the app's configuration may override, and
//! is listed with its reason in `docs/assumptions.md`.

/// A1: where a person's lab results are listed on the clinical host.
pub const BIOMARKERS_PATH: &str = "/v1/biomarkers";
/// A1: the query parameter that names the person.
pub const BIOMARKERS_USER_PARAM: &str = "user_id";
/// A1: the key under which the list stands.
pub const BIOMARKERS_KEY: &str = "results";
/// A1: results asked for at a time.
pub const BIOMARKERS_PAGE_SIZE: u32 = 500;
/// A4: the header of an idempotency key.
pub const IDEMPOTENCY_HEADER: &str = "idempotency-key";
/// A8: where a person's recommendations are listed on the clinical host, before `/{patient_id}`.
pub const RECOMMENDATIONS_PATH: &str = "/v1/recommendations";

/// The assumptions as an app runs with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumptions {
    /// A1: path of the results list.
    pub biomarkers_path: String,
    /// A1: name of the person's parameter.
    pub biomarkers_user_param: String,
    /// A1: key of the list in the answer.
    pub biomarkers_key: String,
    /// A1: page size, 1 to 1000.
    pub biomarkers_page_size: u32,
    /// A2: ask the server's discovery document for its endpoints. With `false` the documented paths on the identity
    /// host are used, for a platform whose discovery does not answer cross-origin calls.
    pub discovery: bool,
    /// A3: the server lets a public client revoke its tokens. With `false` disconnecting only wipes this browser, and
    /// says so.
    pub revoke_as_public_client: bool,
    /// A4: header that carries the idempotency key of a write.
    pub idempotency_header: String,
    /// A5: the token's `sub` stands where a `patient_id` is asked. With `false` calls that need a `patient_id` are
    /// refused by the client before they are sent.
    pub sub_is_patient_id: bool,
    /// A8: path of the recommendations, before `/{patient_id}`.
    pub recommendations_path: String,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            biomarkers_path: BIOMARKERS_PATH.to_owned(),
            biomarkers_user_param: BIOMARKERS_USER_PARAM.to_owned(),
            biomarkers_key: BIOMARKERS_KEY.to_owned(),
            biomarkers_page_size: BIOMARKERS_PAGE_SIZE,
            discovery: true,
            revoke_as_public_client: true,
            idempotency_header: IDEMPOTENCY_HEADER.to_owned(),
            sub_is_patient_id: true,
            recommendations_path: RECOMMENDATIONS_PATH.to_owned(),
        }
    }
}
