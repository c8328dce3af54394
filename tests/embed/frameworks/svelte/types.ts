import 'loop-partner/svelte';
import type { SvelteHTMLElements } from 'svelte/elements';

export const line: SvelteHTMLElements['loop-number-line'] = { value: 128, high: '100', unit: 'mg/dL', bare: true, theme: 'dark', class: 'wide' };
export const list: SvelteHTMLElements['loop-biomarkers'] = { 'onloop-select': (event) => event.detail.code.trim() };
// @ts-expect-error a theme is light or dark
export const wrong: SvelteHTMLElements['loop-number-line'] = { theme: 'blue' };
