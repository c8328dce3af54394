// The elements, defined under their own names.
export * from './index.js';
