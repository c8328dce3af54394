// The routes. The page with the chart is a chunk of its own, since Recharts is the largest part of the app.
import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { AuthProvider, Callback, Connected } from './auth.jsx';
import { List } from './List.jsx';
import { ResultsProvider } from './results.jsx';
import { Shell } from './Shell.jsx';
import '../../styles.css';
import '../../window.css';

const router = createBrowserRouter([
  {
    Component: Shell,
    children: [
      { path: '/auth/loop/callback', Component: Callback },
      {
        Component: Connected,
        children: [
          { path: '/', Component: List },
          { path: '/biomarkers/:code', lazy: () => import('./Biomarker.jsx'), HydrateFallback: () => null },
        ],
      },
    ],
  },
]);

createRoot(document.getElementById('root')).render(
  <AuthProvider>
    <ResultsProvider>
      <RouterProvider router={router} />
    </ResultsProvider>
  </AuthProvider>,
);
