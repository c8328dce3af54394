import { createRoot } from 'react-dom/client';
import { App } from './App.jsx';
import Docs from './Docs.jsx';

createRoot(document.getElementById('app')).render(<><Docs /><App /></>);
