// The SDK, without elements. `configure` says where its wasm is, where that is not beside this file.
const configure = ({ wasm }) => {
  settings.wasm = wasm;
};

export { AccessToken, CodeVerifier, LoopClient, LoopConsentError, LoopError, LoopRetryError, LoopSetupError, LoopSignInError, configure, createClinicalClient };
export { EVENT_NAMES, OAUTH_ERRORS, SERVICE_NAMES, WEBHOOK_HEADERS, platformHost };
