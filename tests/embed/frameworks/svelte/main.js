import { mount } from 'svelte';
import App from './App.svelte';
import Docs from './Docs.svelte';

mount(Docs, { target: document.getElementById('app') });
mount(App, { target: document.getElementById('app') });
