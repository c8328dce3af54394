// All elements for Svelte's templates, and the SDK.
import type { LoopAccount, LoopConfig, LoopConnect, LoopProvider } from './session.js';
import type { Props } from './svelte.js';

export * from './session.js';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'loop-provider': Props<LoopProvider, { config?: string | LoopConfig; home?: string; navigate?: boolean }>;
    'loop-connect': Props<LoopConnect, { label?: string; returnTo?: string; scopes?: string }>;
    'loop-account': Props<LoopAccount, {}>;
  }
}
