import { LoopClient } from 'loop-partner/sdk';

const loop = new LoopClient({ clientId: process.env.LOOP_CLIENT_ID!, redirectUri: 'https://your-app.example.com/auth/loop/callback' });
document.querySelector('button')!.addEventListener('click', () => loop.connect());
