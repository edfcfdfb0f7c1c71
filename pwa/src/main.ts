/** Opens the store of whoever used the app last, starts syncing, registers the service worker and shows the app. */
import { mount } from 'svelte';
import App from './App.svelte';
import { start } from './patient.svelte';
import { registerServiceWorker } from './update';

const target = document.getElementById('app');
if (target) mount(App, { target });
void start();
if (import.meta.env.PROD) void registerServiceWorker();
