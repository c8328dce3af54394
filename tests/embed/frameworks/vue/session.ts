import 'loop-partner/session/vue';
import type { GlobalComponents } from 'vue';

type Props<Name extends keyof GlobalComponents> = InstanceType<GlobalComponents[Name]>['$props'];

export const provider: Props<'loop-provider'> = { config: { client_id: 'app_1' }, navigate: true, 'onLoop-session': ({ detail }) => detail.state === 'connected' };
export const account: Props<'loop-account'> = { 'onLoop-disconnected': ({ detail }) => detail.complete };
export const line: Props<'loop-number-line'> = { code: 'ldl' };
// @ts-expect-error scopes are one text
export const wrong: Props<'loop-connect'> = { scopes: ['read:red_flags'] };
