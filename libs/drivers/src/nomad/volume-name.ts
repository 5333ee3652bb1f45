/**
 * The name at the backend of a volume of a template: a pure function, so that a crash cannot lose it.
 * Templates that spell the space's uuid out keep their name; any other gets it in front.
 */
export function volumeBackendName(space: string, name: string): string {
  return name.includes(space) ? name : `knot-${space}-${name}`;
}
