/** Opens the store of whoever used the app last, starts syncing, registers the service worker and shows the app. */
import { mount } from 'svelte';
import App from './App.svelte';
import { start } from './patient.svelte';
import { chooseLanguage } from './text';
import { startTheme } from './theme';
import { registerServiceWorker } from './update';

startTheme();
await chooseLanguage(navigator.languages);
const target = document.getElementById('app');
if (target) mount(App, { target });
void start();
if (import.meta.env.PROD) void registerServiceWorker();
