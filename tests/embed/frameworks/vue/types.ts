import 'loop-partner/vue';
import type { GlobalComponents } from 'vue';

type Props<Name extends keyof GlobalComponents> = InstanceType<GlobalComponents[Name]>['$props'];

export const line: Props<'loop-number-line'> = { value: 128, high: '100', unit: 'mg/dL', bare: true, theme: 'dark' };
export const list: Props<'loop-biomarkers'> = { 'onLoop-select': (event) => event.detail.code.trim() };
// @ts-expect-error a theme is light or dark
export const wrong: Props<'loop-number-line'> = { theme: 'blue' };
