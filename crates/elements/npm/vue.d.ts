// The elements for Vue's templates.
import type { DefineComponent } from 'vue';
import type { LoopEventMap, LoopMeasurements, LoopResults, LoopScalar, LoopStatus } from './index.js';

export * from './index.js';

type Handlers = { [K in keyof LoopEventMap as `on${Capitalize<K>}`]?: (event: LoopEventMap[K]) => void };
type Element<P> = DefineComponent<Handlers & { theme?: 'light' | 'dark' } & P>;

declare module 'vue' {
  interface GlobalComponents {
    'loop-number-line': Element<{ value?: LoopScalar; low?: LoopScalar; high?: LoopScalar; unit?: string; label?: string; status?: LoopStatus; collectedAt?: string; bare?: boolean; results?: LoopMeasurements | null }>;
    'loop-trend': Element<{ label?: string; unit?: string; code?: string; results?: LoopMeasurements | null }>;
    'loop-biomarkers': Element<{ results?: LoopResults | null }>;
    'loop-biomarker': Element<{ code?: string; back?: boolean; results?: LoopResults | null }>;
  }
}
