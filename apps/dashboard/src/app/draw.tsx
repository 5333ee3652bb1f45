import { createRoot } from 'react-dom/client';
import { App } from './app.js';

export function draw(): void {
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<App />);
}
