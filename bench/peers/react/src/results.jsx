// The person's results: read once, page by page, and kept while the app is open.
import { createContext, useContext, useEffect, useState } from 'react';
import { useAuth } from './auth.jsx';
import { series } from '../../series.js';

const PAGE = 500;
const ResultsContext = createContext(null);

export const useResults = () => useContext(ResultsContext);

async function readAll({ config, user }, signal) {
  const all = [];
  for (;;) {
    const query = new URLSearchParams({ user_id: user.profile.sub, limit: PAGE, offset: all.length });
    const answer = await fetch(`${config.clinical}/v1/biomarkers?${query}`, { headers: { authorization: `Bearer ${user.access_token}` }, signal });
    if (!answer.ok) throw new Error(`Loop answered with ${answer.status}.`);
    const { results, count } = await answer.json();
    all.push(...results);
    if (results.length === 0 || all.length >= count) return all;
  }
}

export function ResultsProvider({ children }) {
  const auth = useAuth();
  const [state, setState] = useState({ status: 'loading' });
  const subject = auth.user?.profile.sub;
  useEffect(() => {
    if (!subject) return undefined;
    const reading = new AbortController();
    readAll(auth, reading.signal).then(
      (results) => setState({ status: 'ready', series: series(results) }),
      (error) => {
        if (!reading.signal.aborted) setState({ status: 'failed', error });
      },
    );
    return () => {
      reading.abort();
      setState({ status: 'loading' });
    };
    // A renewed token is no reason to read again.
  }, [subject]);
  return <ResultsContext value={state}>{children}</ResultsContext>;
}
