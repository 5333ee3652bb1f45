/** All keys of a store have this hash tag, so that in a Cluster they lie in one slot and a commit is one script. */
const HASH_TAG = '{knot}:';

/** What each key of a store begins with; `prefix` is the configured one with its colon, or ''. */
export function baseOf(prefix: string): string {
  return `${prefix}${HASH_TAG}`;
}
