import { createApp, h } from 'vue';
import App from './App.vue';
import Docs from './Docs.vue';

createApp({ render: () => [h(Docs), h(App)] }).mount('#app');
