// The routes. The page with the chart is a chunk of its own.
import { render } from 'preact';
import { LocationProvider, Route, Router, lazy } from 'preact-iso';
import { AuthProvider, Callback, useAuth } from './auth.jsx';
import { List } from './List.jsx';
import { ResultsProvider } from './results.jsx';
import '../../styles.css';
import '../../window.css';
import './chart.css';

const Biomarker = lazy(() => import('./Biomarker.jsx'));

function App() {
  const { status, error, connect, disconnect } = useAuth();
  return (
    <>
      <header class="header">
        <a href="/">Lab results</a>
        {status === 'in' && (
          <button type="button" onClick={disconnect}>
            Disconnect
          </button>
        )}
      </header>
      <main>
        {status === 'failed' && <p role="alert">{error.message}</p>}
        {status === 'loading' && <p role="status">Loading…</p>}
        {status === 'out' && (
          <section class="welcome">
            <h1>Your lab results</h1>
            <p>Connect your Loop account to read them here.</p>
            <button type="button" class="primary" onClick={connect}>
              Connect with Loop
            </button>
          </section>
        )}
        {status === 'callback' && <Callback />}
        {status === 'in' && (
          <Router>
            <Route path="/" component={List} />
            <Route path="/biomarkers/:code" component={Biomarker} />
            <Route default component={() => <p>There is no such page.</p>} />
          </Router>
        )}
      </main>
    </>
  );
}

render(
  <LocationProvider>
    <AuthProvider>
      <ResultsProvider>
        <App />
      </ResultsProvider>
    </AuthProvider>
  </LocationProvider>,
  document.getElementById('root'),
);
