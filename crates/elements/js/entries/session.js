// All elements, and the SDK.
const define = definer([...VIEWS, LoopConnect, LoopAccount, LoopProvider]);

export { LoopAccount, LoopBiomarker, LoopBiomarkers, LoopConnect, LoopElement, LoopNumberLine, LoopProvider, LoopTrend, define };
export { AccessToken, CodeVerifier, LoopClient, LoopConsentError, LoopError, LoopRetryError, LoopSetupError, LoopSignInError, createClinicalClient };
export { EVENT_NAMES, OAUTH_ERRORS, SERVICE_NAMES, WEBHOOK_HEADERS, platformHost };
