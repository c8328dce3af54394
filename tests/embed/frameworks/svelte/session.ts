import 'loop-partner/session/svelte';
import type { SvelteHTMLElements } from 'svelte/elements';

export const provider: SvelteHTMLElements['loop-provider'] = { config: { client_id: 'app_1' }, navigate: true, 'onloop-session': ({ detail }) => detail.state === 'connected' };
export const account: SvelteHTMLElements['loop-account'] = { 'onloop-disconnected': ({ detail }) => detail.complete };
export const line: SvelteHTMLElements['loop-number-line'] = { code: 'ldl' };
// @ts-expect-error scopes are one text
export const wrong: SvelteHTMLElements['loop-connect'] = { scopes: ['read:red_flags'] };
