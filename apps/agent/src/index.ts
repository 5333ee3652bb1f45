export { FLAGS_HELP, runAgent } from './run-agent.js';
