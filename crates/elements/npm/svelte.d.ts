// The elements for Svelte's templates.
import type { HTMLAttributes } from 'svelte/elements';
import type { LoopBiomarker, LoopBiomarkers, LoopEventMap, LoopMeasurements, LoopNumberLine, LoopResults, LoopScalar, LoopStatus, LoopTrend } from './index.js';

export * from './index.js';

type Handlers = { [K in keyof LoopEventMap as `on${K}`]?: (event: LoopEventMap[K]) => void };
/** What an element takes in a template: its own properties, and what all of them have. */
export type Props<E extends EventTarget, P> = Omit<HTMLAttributes<E>, keyof P> & Handlers & { theme?: 'light' | 'dark' } & P;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'loop-number-line': Props<LoopNumberLine, { value?: LoopScalar; low?: LoopScalar; high?: LoopScalar; unit?: string; label?: string; status?: LoopStatus; collectedAt?: string; code?: string; bare?: boolean; results?: LoopMeasurements | null }>;
    'loop-trend': Props<LoopTrend, { label?: string; unit?: string; code?: string; results?: LoopMeasurements | null }>;
    'loop-biomarkers': Props<LoopBiomarkers, { results?: LoopResults | null }>;
    'loop-biomarker': Props<LoopBiomarker, { code?: string; back?: boolean; results?: LoopResults | null }>;
  }
}
