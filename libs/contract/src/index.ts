export * as sync from './generated/knot/sync/v1/sync_pb.js';
export * from './sync-client.js';
export type { components, operations, paths } from './generated/openapi.js';
export * from './agent/join.js';
export * from './agent/report.js';
export * from './bytes/port-way.js';
export * from './bytes/terminal-message.js';
export * from './bytes/ticket.js';
