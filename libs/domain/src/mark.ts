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

/**
 * The name at the backend of a volume of a template: a pure function, so that a crash cannot lose it.
 * Templates that spell the space's uuid out keep their name; any other gets it in front.
 */
export function volumeBackendName(spaceId: string, name: string): string {
  return name.includes(spaceId) ? name : `${backendName(spaceId)}-${name}`;
}
