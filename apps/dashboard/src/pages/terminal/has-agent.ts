import type { SpaceDetail } from '../../api/schemas.js';

/** Whether knot's agent has joined from inside of the space. */
export function hasAgent({ conditions }: Pick<SpaceDetail, 'conditions'>): boolean {
  return conditions.some(({ type, reason }) => type === 'AgentConnected' && reason === 'AgentJoined');
}
