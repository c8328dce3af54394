// Who is signed in: the state of the app, and what changes it. The protocol is in oauth.js.
import { createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Client } from './oauth.js';

const AuthContext = createContext(null);

export const useAuth = () => useContext(AuthContext);

export function AuthProvider({ children }) {
  const [state, setState] = useState({ status: 'loading' });
  const { route } = useLocation();
  useEffect(() => {
    const start = async () => {
      const client = await Client.load();
      if (client.isCallback()) {
        setState({ status: 'callback', client });
        const { session, returnTo } = await client.complete();
        route(returnTo, true);
        setState({ status: 'in', client, session });
      } else {
        const session = client.session();
        setState({ status: session ? 'in' : 'out', client, session });
      }
    };
    start().catch((error) => setState({ status: 'failed', error }));
  }, []);
  const auth = useMemo(
    () => ({
      ...state,
      connect: () => state.client.connect().catch((error) => setState({ status: 'failed', error })),
      async disconnect() {
        setState({ status: 'out', client: state.client });
        await state.client.disconnect();
      },
    }),
    [state],
  );
  return <AuthContext.Provider value={auth}>{children}</AuthContext.Provider>;
}

/** The address that Loop sends the person back to. */
export const Callback = () => <p role="status">Signing in…</p>;
