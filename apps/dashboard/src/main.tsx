import './app/styles.js';
import { speak } from './texts/language.js';

await speak();
// not before: what it loads reads the texts at once
const { draw } = await import('./app/draw.js');
draw();
