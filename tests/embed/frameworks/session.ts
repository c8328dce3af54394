// The elements of a session in strict TypeScript: what compiles, and what must not.
import { LoopClient, LoopProvider, configure, define, type LoopErrorDetail, type LoopSessionErrorDetail, type LoopSetupErrorDetail } from 'loop-partner/session';
import 'loop-partner/session/auto';

define({ prefix: 'acme' });
export const loop = new LoopClient({ config: '/loop.config.json' });
const provider = document.createElement('loop-provider');
provider.config = { client_id: 'app_1', scopes: ['openid'] };
provider.navigate = true;
provider.addEventListener('loop-session', ({ detail }) => detail.granted.includes('read:biomarkers') && detail.state === 'connected');
provider.addEventListener('loop-landing', ({ detail }) => detail.returnTo.startsWith('/'));
document.querySelector('loop-account')?.addEventListener('loop-disconnected', ({ detail }) => detail.complete === true);
document.createElement('loop-connect').scopes = 'read:red_flags';
document.createElement('loop-number-line').code = 'ldl';
document.createElement('loop-biomarkers').addEventListener('loop-error', ({ detail }) => {
  if (detail.recovery) {
    const own: LoopSessionErrorDetail = detail;
    return own.recovery.action === 'ask_consent' && own.recovery.scopes.length;
  }
  const own: LoopErrorDetail | LoopSetupErrorDetail = detail;
  return own.code === 'config_wrong' ? own.message : own.attribute;
});
export const isProvider = (element: Element): element is LoopProvider => element instanceof LoopProvider;
// @ts-expect-error a secret is nothing for a page
provider.config = { client_id: 'app_1', client_secret: 'secret' };
// @ts-expect-error there is no such state
provider.addEventListener('loop-session', ({ detail }) => detail.state === 'refreshing');
// @ts-expect-error `define` says it here
configure({ wasm: '/loop-sdk.wasm' });
