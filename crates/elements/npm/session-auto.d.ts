// All elements, defined under their own names, and the SDK.
export * from './session.js';
