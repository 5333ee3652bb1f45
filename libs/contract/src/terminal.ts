// What a browser needs to speak with a terminal, without the messages between servers.
export * from './bytes/terminal-message.js';
export { GRANT_PROTOCOL, GRANT_USE_CONTEXT, type GrantUse } from './bytes/grant.js';
export { bytesPath, TERMINAL_PROTOCOL, TICKET_LIFE_MS, TICKET_PROTOCOL } from './bytes/ticket.js';
