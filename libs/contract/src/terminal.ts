// What a browser needs to speak with a terminal, without the messages between servers.
export * from './bytes/terminal-message.js';
export { TERMINAL_PROTOCOL, TICKET_PROTOCOL } from './bytes/ticket.js';
