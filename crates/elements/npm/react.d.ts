// The elements for JSX in React 19, which sets properties and listens to any event.
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { LoopBiomarker, LoopBiomarkers, LoopEventMap, LoopMeasurements, LoopNumberLine, LoopResults, LoopScalar, LoopStatus, LoopTrend } from './index.js';

export * from './index.js';

type Handlers = { [K in keyof LoopEventMap as `on${K}`]?: (event: LoopEventMap[K]) => void };
// React knows `results` as an attribute of Safari's.
/** What an element takes in a template: its own properties, and what all of them have. */
export type Props<E, P> = Omit<DetailedHTMLProps<HTMLAttributes<E>, E>, keyof P> & Handlers & { theme?: 'light' | 'dark' } & P;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'loop-number-line': Props<LoopNumberLine, { value?: LoopScalar; low?: LoopScalar; high?: LoopScalar; unit?: string; label?: string; status?: LoopStatus; collectedAt?: string; code?: string; bare?: boolean; results?: LoopMeasurements | null }>;
      'loop-trend': Props<LoopTrend, { label?: string; unit?: string; code?: string; results?: LoopMeasurements | null }>;
      'loop-biomarkers': Props<LoopBiomarkers, { results?: LoopResults | null }>;
      'loop-biomarker': Props<LoopBiomarker, { code?: string; back?: boolean; results?: LoopResults | null }>;
    }
  }
}
