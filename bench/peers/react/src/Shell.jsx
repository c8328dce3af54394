// What is around every page.
import { Link, Outlet, ScrollRestoration } from 'react-router';
import { useAuth } from './auth.jsx';

export function Shell() {
  const { status, disconnect } = useAuth();
  return (
    <>
      <header className="header">
        <Link to="/">Lab results</Link>
        {status === 'in' && (
          <button type="button" onClick={disconnect}>
            Disconnect
          </button>
        )}
      </header>
      <main>
        <Outlet />
      </main>
      <ScrollRestoration />
    </>
  );
}
