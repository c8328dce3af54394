// The smallest app on oidc-client-ts, as its documentation writes one: a UserManager, its own silent renewal, and a read
// that renews a token which has ended or is refused. A tab never renews twice at once. `app` is what the driver calls.
import { UserManager, WebStorageStateStore } from 'oidc-client-ts';

const settings = await (await fetch('/settings.json')).json();
const manager = new UserManager({
  authority: settings.issuer,
  client_id: settings.client_id,
  redirect_uri: location.origin + settings.redirect_path,
  scope: settings.scope,
  // Without this the library uses the session store.
  ...(settings.store === 'localStorage' ? { userStore: new WebStorageStateStore({ store: localStorage }) } : {}),
});

let renewing;
const renew = () => (renewing ??= manager.signinSilent().finally(() => (renewing = undefined)));

function ask(user) {
  const address = `${settings.clinical}/v1/biomarkers?user_id=${encodeURIComponent(user.profile.sub)}`;
  return fetch(address, { headers: { authorization: `Bearer ${user.access_token}` } });
}

globalThis.app = {
  /** How often the library renewed the token by itself or for a read, and how often its own try failed. */
  renewals: 0,
  failures: 0,

  /** Reads results; says what came of it. */
  async read() {
    let user = await manager.getUser();
    if (!user) return 'signed out';
    try {
      if (user.expired) user = await renew();
      let answer = await ask(user);
      if (answer.status === 401) answer = await ask(await renew());
      return answer.ok ? 'connected' : `refused with ${answer.status}`;
    } catch (error) {
      return `failed: ${error.message}`;
    }
  },
};
manager.events.addUserLoaded(() => void (app.renewals += 1));
manager.events.addSilentRenewError(() => void (app.failures += 1));

if (location.pathname === settings.redirect_path) {
  await manager.signinCallback();
  history.replaceState(null, '', '/');
}
const user = await manager.getUser();
app.renewals = 0;
const title = document.createElement('h1');
title.textContent = user ? 'Connected' : 'Nobody is connected';
const button = document.createElement('button');
button.textContent = 'Connect with Loop';
// The library sends a nonce only when it is given one, and Loop wants one.
button.addEventListener('click', () => manager.signinRedirect({ nonce: crypto.randomUUID() }));
document.querySelector('main').append(title, ...(user ? [] : [button]));
