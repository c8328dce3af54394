// The person's results: read once, page by page, and kept while the app is open.
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { useAuth } from './auth.jsx';
import { series } from '../../series.js';

const PAGE = 500;
const ResultsContext = createContext(null);

export const useResults = () => useContext(ResultsContext);

async function readAll(client, subject, signal) {
  const all = [];
  for (;;) {
    const query = new URLSearchParams({ user_id: subject, limit: PAGE, offset: all.length });
    const answer = await fetch(`${client.clinical}/v1/biomarkers?${query}`, { headers: { authorization: `Bearer ${await client.token()}` }, signal });
    if (!answer.ok) throw new Error(`Loop answered with ${answer.status}.`);
    const { results, count } = await answer.json();
    all.push(...results);
    if (results.length === 0 || all.length >= count) return all;
  }
}

export function ResultsProvider({ children }) {
  const { client, session } = useAuth();
  const [state, setState] = useState({ status: 'loading' });
  const subject = session?.subject;
  useEffect(() => {
    if (!subject) return undefined;
    const reading = new AbortController();
    readAll(client, subject, reading.signal).then(
      (results) => setState({ status: 'ready', series: series(results) }),
      (error) => {
        if (!reading.signal.aborted) setState({ status: 'failed', error });
      },
    );
    return () => {
      reading.abort();
      setState({ status: 'loading' });
    };
  }, [subject]);
  return <ResultsContext.Provider value={state}>{children}</ResultsContext.Provider>;
}
