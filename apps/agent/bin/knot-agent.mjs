#!/usr/bin/env node
// what V8 is to prefer, before all else is read
await import('../dist/memory.js');
await import('../dist/main.js');
