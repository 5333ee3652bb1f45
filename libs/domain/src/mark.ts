/**
 * The mark on every backend object that knot makes. An object is ours only if all three match exactly:
 * two locations or two installations on one orchestrator never see each other.
 */
export interface Mark {
  /** uuid of the installation's database row; it survives a restore. */
  readonly installation: string;
  readonly location: string;
  /** uuid of the space or of the standalone volume the object belongs to. */
  readonly space: string;
}

export type Scope = Omit<Mark, 'space'>;

export function sameMark(a: Mark, b: Mark): boolean {
  return a.installation === b.installation && a.location === b.location && a.space === b.space;
}

/** Name of a space's workload at any backend; never holds user text. */
export function backendName(spaceId: string): string {
  return `knot-${spaceId}`;
}
