// What the platform is called: hosts, services, events, headers, error codes. Held to crates/contracts by a test.

/** The platform's services. */
export const SERVICE_NAMES = Object.freeze({
  IDENTITY: 'identity',
  CLINICAL: 'clinical',
  PATIENT_GRAPH: 'patient-graph',
  AI: 'ai',
  EVENTS: 'events',
  INTEGRATIONS: 'integrations',
  MEMBERSHIP: 'membership',
  COMMS: 'comms',
  PAYMENTS: 'payments',
});

/** Events that a webhook may tell of. */
export const EVENT_NAMES = Object.freeze({
  CLINICAL_BIOMARKER_PARSED_V1: 'clinical.biomarker.parsed.v1',
  CLINICAL_BLOODWORK_UPLOADED_V1: 'clinical.bloodwork.uploaded.v1',
  CLINICAL_LAB_RESULT_CRITICAL_V1: 'clinical.lab_result.critical.v1',
  CLINICAL_BIOMARKER_ADDED_V1: 'clinical.biomarker.added.v1',
  CLINICAL_RETEST_PROMPTED_V1: 'clinical.retest.prompted.v1',
  CLINICAL_RETEST_RECORDED_V1: 'clinical.retest.recorded.v1',
  PROTOCOL_STARTED: 'protocol.started',
});

/** Headers of a webhook's delivery. */
export const WEBHOOK_HEADERS = Object.freeze({
  EVENT_ID: 'x-loop-event-id',
  EVENT_TYPE: 'x-loop-event-type',
  SIGNATURE: 'x-loop-signature',
  DELIVERY_ATTEMPT: 'x-loop-delivery-attempt',
});

/** Error codes of the platform. */
export const OAUTH_ERRORS = Object.freeze({
  INVALID_TOKEN: 'invalid_token',
  INSUFFICIENT_SCOPE: 'insufficient_scope',
  RATE_LIMITED: 'rate_limited',
  NOT_FOUND: 'not_found',
  UNAUTHENTICATED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  CONFLICT: 'conflict',
  VALIDATION_ERROR: 'validation_error',
  UNPROCESSABLE_ENTITY: 'unprocessable_entity',
  INVALID_REQUEST: 'invalid_request',
  INVALID_CLIENT: 'invalid_client',
  INVALID_GRANT: 'invalid_grant',
  UNAUTHORIZED_CLIENT: 'unauthorized_client',
  UNSUPPORTED_GRANT_TYPE: 'unsupported_grant_type',
  UNSUPPORTED_RESPONSE_TYPE: 'unsupported_response_type',
  INVALID_SCOPE: 'invalid_scope',
  ACCESS_DENIED: 'access_denied',
  SERVER_ERROR: 'server_error',
  TEMPORARILY_UNAVAILABLE: 'temporarily_unavailable',
  LOGIN_REQUIRED: 'login_required',
  INTERACTION_REQUIRED: 'interaction_required',
  CONSENT_REQUIRED: 'consent_required',
});

/** The address of a service. `stage` is `production`, `staging`, `dev` or `pr-<number>`. */
export function platformHost({ service, stage = 'production' }) {
  if (!Object.values(SERVICE_NAMES).includes(service)) throw new TypeError('There is no such service: SERVICE_NAMES has them.');
  if (!/^(production|staging|dev|pr-\d+)$/.test(stage)) throw new TypeError('A stage is production, staging, dev or pr-<number>.');
  return `https://${service}.${stage === 'production' ? '' : `${stage}.`}platform.loop.health`;
}
