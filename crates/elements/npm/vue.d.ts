// The elements for Vue's templates.
import type { DefineComponent } from 'vue';
import type { LoopEventMap, LoopMeasurements, LoopResults, LoopScalar, LoopStatus } from './index.js';

export * from './index.js';

type Handlers = { [K in keyof LoopEventMap as `on${Capitalize<K>}`]?: (event: LoopEventMap[K]) => void };
/** What an element takes in a template: its own properties, and what all of them have. */
export type LoopElementOf<P> = DefineComponent<Handlers & { theme?: 'light' | 'dark' } & P>;

declare module 'vue' {
  interface GlobalComponents {
    'loop-number-line': LoopElementOf<{ value?: LoopScalar; low?: LoopScalar; high?: LoopScalar; unit?: string; label?: string; status?: LoopStatus; collectedAt?: string; code?: string; bare?: boolean; results?: LoopMeasurements | null }>;
    'loop-trend': LoopElementOf<{ label?: string; unit?: string; code?: string; results?: LoopMeasurements | null }>;
    'loop-biomarkers': LoopElementOf<{ results?: LoopResults | null }>;
    'loop-biomarker': LoopElementOf<{ code?: string; back?: boolean; results?: LoopResults | null }>;
  }
}
