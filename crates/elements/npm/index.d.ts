// Types of the elements, for every framework; `react`, `vue` and `svelte` beside this file add them to templates.
import type { LoopResult, LoopStatus, LoopWasm } from './platform.js';

export type { LoopResult, LoopStatus, LoopWasm } from './platform.js';

/** A list of results, or the platform's answer, which has one. */
export type LoopResults = readonly LoopResult[] | { readonly results: readonly LoopResult[] };

/** Of one biomarker every entry may leave out all but its value. */
export type LoopMeasurements = readonly Partial<LoopResult>[] | { readonly results: readonly Partial<LoopResult>[] };

/** What went wrong in an element. */
export interface LoopErrorDetail {
  /**
   * `load`: the wasm did not come; `crashed`: it broke; `data`: what was given cannot be read; `attribute`: an attribute is no
   * number; `table`: the table has no column of values; `unknown`: the biomarker is not among the results.
   */
  code: 'load' | 'crashed' | 'data' | 'attribute' | 'table' | 'unknown';
  /** The sentence that the element shows. */
  message: string;
  /** Which attribute. */
  attribute?: string;
  /** Why the wasm did not come, in the browser's words. */
  reason?: string;
  recovery?: undefined;
}

/** What an error of an element may be. `loop-partner/session` adds those of a session. */
export interface LoopErrorDetails {
  element: LoopErrorDetail;
}

/** Events of the elements; all bubble, and leave shadow roots. `loop-partner/session` adds those of a session. */
export interface LoopEventMap {
  /** It shows its first drawing. */
  'loop-ready': CustomEvent<Record<string, never>>;
  /** It shows an error. */
  'loop-error': CustomEvent<LoopErrorDetails[keyof LoopErrorDetails]>;
  /** A biomarker was opened. */
  'loop-select': CustomEvent<{ code: string }>;
  /** The way back was taken. */
  'loop-back': CustomEvent<Record<string, never>>;
}

/** A number, or its text. */
export type LoopScalar = number | string | null;

/** What all elements have in common. */
export declare abstract class LoopElement extends HTMLElement {
  /** `light` or `dark`; without it, the page's colour scheme. */
  theme: string | null;
  addEventListener<K extends keyof LoopEventMap>(type: K, listener: (this: this, event: LoopEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: HTMLElement, event: HTMLElementEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

/** A value on its range. */
export declare class LoopNumberLine extends LoopElement {
  get value(): string | null;
  set value(value: LoopScalar);
  get low(): string | null;
  set low(low: LoopScalar);
  get high(): string | null;
  set high(high: LoopScalar);
  unit: string | null;
  label: string | null;
  status: LoopStatus | null;
  collectedAt: string | null;
  /** Which biomarker, where the results have several, or are those of a session. */
  code: string | null;
  /** Without the words around the line. */
  bare: boolean;
  get results(): LoopMeasurements | undefined;
  set results(results: LoopMeasurements | null | undefined);
}

/** Measurements of one biomarker over time. */
export declare class LoopTrend extends LoopElement {
  label: string | null;
  unit: string | null;
  /** Which biomarker, where the results have several, or are those of a session. */
  code: string | null;
  get results(): LoopMeasurements | undefined;
  set results(results: LoopMeasurements | null | undefined);
}

/** All results of a person. */
export declare class LoopBiomarkers extends LoopElement {
  get results(): LoopResults | undefined;
  set results(results: LoopResults | null | undefined);
}

/** One biomarker. */
export declare class LoopBiomarker extends LoopElement {
  code: string | null;
  /** Whether there is a way back to show. */
  back: boolean;
  get results(): LoopResults | undefined;
  set results(results: LoopResults | null | undefined);
}

/** How a page wants the elements. */
export interface LoopOptions {
  /** `loop` gives `<loop-number-line>`. */
  prefix?: string;
  wasm?: LoopWasm | (() => LoopWasm | Promise<LoopWasm>);
  /** The address of another catalogue of biomarkers, or `false` for none. */
  catalogue?: string | URL | false;
}

/** Defines the elements. Those that are there already stay. */
export declare function define(options?: LoopOptions): void;

declare global {
  interface HTMLElementTagNameMap {
    'loop-number-line': LoopNumberLine;
    'loop-trend': LoopTrend;
    'loop-biomarkers': LoopBiomarkers;
    'loop-biomarker': LoopBiomarker;
  }
}
