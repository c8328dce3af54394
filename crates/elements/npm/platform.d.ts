// Types of what the platform says: shapes of the clinical service, scopes, hosts, events, headers, error codes.

/** What the platform says of a result; another word is shown as it came. */
export type LoopStatus = 'normal' | 'low' | 'high' | 'critical' | (string & {});

/** One result as the platform gives it. */
export interface LoopResult {
  id: string;
  patient_id: string;
  biomarker_code: string;
  biomarker_name?: string;
  /** A number, or what the lab printed in its place, such as `<0.3`. */
  value: number | string | null;
  unit?: string;
  reference_low?: number | null;
  reference_high?: number | null;
  status: LoopStatus;
  /** A date or a moment, as ISO 8601 writes it. */
  collected_at: string;
  parsed_at?: string;
}

/** A rule about the person's results that fired. */
export interface RedFlag {
  id: string;
  patient_id: string;
  brand_id?: string | null;
  rule_id?: string;
  rule_name?: string;
  severity: 'urgent' | 'warn' | 'info' | (string & {});
  biomarker_code?: string | null;
  biomarker_id?: string | null;
  /** Words for a clinician. */
  message?: string;
  acknowledged?: boolean;
  detected_at?: string;
}

/** A piece of advice. */
export interface Recommendation {
  id: string;
  category: 'lifestyle' | 'dietary' | 'supplementation' | 'monitoring' | 'referral' | 'medication_review' | (string & {});
  priority: 'critical' | 'high' | 'medium' | 'low' | (string & {});
  title: string;
  description?: string;
  rationale?: string;
  source: 'biomarker' | 'protocol' | 'contraindication' | (string & {});
  source_id?: string | null;
}

/** A check-in that was answered. */
export interface CheckIn {
  id: string;
  patient_id: string;
  /** Days since enrolment. */
  day_marker: number;
  goals?: string[];
  wins?: string[];
  blockers?: string[];
  protocol_changes?: string | null;
  /** 1 to 10. */
  mood: number;
  weight_kg?: number | null;
  /** 1 to 10. */
  sleep_quality: number;
  completed_at?: string;
  created_at?: string;
}

/** A check-in to be answered. */
export interface NewCheckIn {
  /** Days since enrolment. */
  day_marker: number;
  /** When the person enrolled, as ISO 8601 writes it. */
  enrolled_at: string;
  /** At least one. */
  goals: readonly string[];
  /** At least one. */
  wins: readonly string[];
  /** At least one. */
  blockers: readonly string[];
  /** 1 to 10. */
  mood: number;
  /** 1 to 10. */
  sleep_quality: number;
  protocol_changes?: string;
  /** Above 0. */
  weight_kg?: number;
}

/** Which check-in comes next. */
export interface NextCheckIn {
  /** `null` when all are answered. */
  day_marker?: number | null;
  due_at?: string | null;
}

/** A care protocol. What has no documented shape is `unknown`. */
export interface Protocol {
  id: string;
  name: string;
  version?: unknown;
  description?: string | null;
  category?: string;
  criteria?: unknown;
  recommendations?: unknown[];
  contraindications?: unknown[];
  active: boolean;
}

/** What an app may ask a person for. The platform may know more. */
export type Scope =
  | 'openid'
  | 'profile'
  | 'email'
  | 'offline_access'
  | 'read:account'
  | 'manage:connected_apps'
  | 'read:biomarkers'
  | 'write:biomarkers'
  | 'read:protocols'
  | 'write:protocols'
  | 'read:check_ins'
  | 'write:check_ins'
  | 'read:recommendations'
  | 'read:red_flags'
  | 'read:profile'
  | 'read:wearables'
  | 'write:wearables'
  | (string & {});

/** `production`, `staging`, `dev` or `pr-<number>`. */
export type Stage = 'production' | 'staging' | 'dev' | `pr-${number}`;

/** The platform's services. */
export declare const SERVICE_NAMES: {
  readonly IDENTITY: 'identity';
  readonly CLINICAL: 'clinical';
  readonly PATIENT_GRAPH: 'patient-graph';
  readonly AI: 'ai';
  readonly EVENTS: 'events';
  readonly INTEGRATIONS: 'integrations';
  readonly MEMBERSHIP: 'membership';
  readonly COMMS: 'comms';
  readonly PAYMENTS: 'payments';
};

/** Events that a webhook may tell of. */
export declare const EVENT_NAMES: {
  readonly CLINICAL_BIOMARKER_PARSED_V1: 'clinical.biomarker.parsed.v1';
  readonly CLINICAL_BLOODWORK_UPLOADED_V1: 'clinical.bloodwork.uploaded.v1';
  readonly CLINICAL_LAB_RESULT_CRITICAL_V1: 'clinical.lab_result.critical.v1';
  readonly CLINICAL_BIOMARKER_ADDED_V1: 'clinical.biomarker.added.v1';
  readonly CLINICAL_RETEST_PROMPTED_V1: 'clinical.retest.prompted.v1';
  readonly CLINICAL_RETEST_RECORDED_V1: 'clinical.retest.recorded.v1';
  readonly PROTOCOL_STARTED: 'protocol.started';
};

/** Headers of a webhook's delivery. */
export declare const WEBHOOK_HEADERS: {
  readonly EVENT_ID: 'x-loop-event-id';
  readonly EVENT_TYPE: 'x-loop-event-type';
  readonly SIGNATURE: 'x-loop-signature';
  readonly DELIVERY_ATTEMPT: 'x-loop-delivery-attempt';
};

/** Error codes of the platform. */
export declare const OAUTH_ERRORS: {
  readonly INVALID_TOKEN: 'invalid_token';
  readonly INSUFFICIENT_SCOPE: 'insufficient_scope';
  readonly RATE_LIMITED: 'rate_limited';
  readonly NOT_FOUND: 'not_found';
  readonly UNAUTHENTICATED: 'unauthenticated';
  readonly FORBIDDEN: 'forbidden';
  readonly CONFLICT: 'conflict';
  readonly VALIDATION_ERROR: 'validation_error';
  readonly UNPROCESSABLE_ENTITY: 'unprocessable_entity';
  readonly INVALID_REQUEST: 'invalid_request';
  readonly INVALID_CLIENT: 'invalid_client';
  readonly INVALID_GRANT: 'invalid_grant';
  readonly UNAUTHORIZED_CLIENT: 'unauthorized_client';
  readonly UNSUPPORTED_GRANT_TYPE: 'unsupported_grant_type';
  readonly UNSUPPORTED_RESPONSE_TYPE: 'unsupported_response_type';
  readonly INVALID_SCOPE: 'invalid_scope';
  readonly ACCESS_DENIED: 'access_denied';
  readonly SERVER_ERROR: 'server_error';
  readonly TEMPORARILY_UNAVAILABLE: 'temporarily_unavailable';
  readonly LOGIN_REQUIRED: 'login_required';
  readonly INTERACTION_REQUIRED: 'interaction_required';
  readonly CONSENT_REQUIRED: 'consent_required';
};

/** One of the platform's services. */
export type ServiceName = (typeof SERVICE_NAMES)[keyof typeof SERVICE_NAMES];

/** The address of a service, without a slash at its end. `production` is the default. */
export declare function platformHost(options: { service: ServiceName; stage?: Stage }): string;

/** The wasm of a script, in place of the file beside it. */
export type LoopWasm = string | URL | Response | BufferSource | WebAssembly.Module;
