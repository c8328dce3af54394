// All elements for JSX in React 19, and the SDK.
import type { LoopAccount, LoopConfig, LoopConnect, LoopProvider } from './session.js';
import type { Props } from './react.js';

export * from './session.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'loop-provider': Props<LoopProvider, { config?: string | LoopConfig; home?: string; navigate?: boolean }>;
      'loop-connect': Props<LoopConnect, { label?: string; returnTo?: string; scopes?: string }>;
      'loop-account': Props<LoopAccount, {}>;
    }
  }
}
