// Who is signed in, by oidc-client-ts with its defaults: code with PKCE, the session store, silent renewal.
import { UserManager } from 'oidc-client-ts';
import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { Outlet, useNavigate } from 'react-router';

const AuthContext = createContext(null);

export const useAuth = () => useContext(AuthContext);

async function start() {
  const answer = await fetch('/loop.config.json');
  if (!answer.ok) throw new Error('The configuration is missing.');
  const config = await answer.json();
  const manager = new UserManager({
    authority: config.issuer,
    client_id: config.client_id,
    redirect_uri: location.origin + config.redirect_path,
    scope: config.scopes.join(' '),
  });
  return { config, manager, user: await manager.getUser() };
}

export function AuthProvider({ children }) {
  const [state, setState] = useState({ status: 'loading' });
  useEffect(() => {
    start().then(
      ({ config, manager, user }) => {
        const set = (user) => setState({ status: user ? 'in' : 'out', config, manager, user });
        manager.events.addUserLoaded(set);
        manager.events.addUserUnloaded(() => set(null));
        set(user);
      },
      (error) => setState({ status: 'failed', error }),
    );
  }, []);
  const auth = useMemo(
    () => ({
      ...state,
      // Loop wants a nonce, and the library sends one only when it is given one.
      connect: () => state.manager.signinRedirect({ nonce: crypto.randomUUID(), state: location.pathname }),
      async disconnect() {
        await state.manager.revokeTokens();
        await state.manager.removeUser();
      },
    }),
    [state],
  );
  return <AuthContext value={auth}>{children}</AuthContext>;
}

/** The address that Loop sends the person back to. */
export function Callback() {
  const { manager } = useAuth();
  const navigate = useNavigate();
  const [error, setError] = useState(null);
  const begun = useRef(false);
  useEffect(() => {
    if (!manager || begun.current) return;
    begun.current = true;
    manager.signinCallback().then((user) => navigate(user?.state ?? '/', { replace: true }), setError);
  }, [manager, navigate]);
  return error ? <p role="alert">Signing in failed: {error.message}</p> : <p role="status">Signing in…</p>;
}

/** What only somebody who is signed in sees. */
export function Connected() {
  const { status, error, connect } = useAuth();
  if (status === 'failed') return <p role="alert">{error.message}</p>;
  if (status === 'loading') return <p role="status">Loading…</p>;
  if (status === 'in') return <Outlet />;
  return (
    <section className="welcome">
      <h1>Your lab results</h1>
      <p>Connect your Loop account to read them here.</p>
      <button type="button" className="primary" onClick={connect}>
        Connect with Loop
      </button>
    </section>
  );
}
