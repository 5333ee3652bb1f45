/** Value of the unique scope `space.name`: one owner has a name once, whatever its case. */
export function spaceNameClaim(ownerId: string, name: string): string {
  return `${ownerId}/${name.toLowerCase()}`;
}
