// All elements for Vue's templates, and the SDK.
import type { LoopConfig } from './session.js';
import type { LoopElementOf } from './vue.js';

export * from './session.js';

declare module 'vue' {
  interface GlobalComponents {
    'loop-provider': LoopElementOf<{ config?: string | LoopConfig; home?: string; navigate?: boolean }>;
    'loop-connect': LoopElementOf<{ label?: string; returnTo?: string; scopes?: string }>;
    'loop-account': LoopElementOf<{}>;
  }
}
