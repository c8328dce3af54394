// Starts the app.
import init from '../pkg/bench-peer-yew.js';
import '../../styles.css';

await init();
