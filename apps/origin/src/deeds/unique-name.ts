import type {
  GroupRow,
  OfferRow,
  RoleRow,
  SpaceRow,
  TemplateRow,
  Unique,
  UserRow,
  VariableRow,
  VolumeRow,
} from '@knot/shared/store';

/** A name that only one row may have, whatever its case where people would not tell two apart. */
export interface UniqueName {
  readonly scope: string;
  readonly value: string;
}

/** One owner has a name once. */
export function spaceName({ ownerId, name }: Pick<SpaceRow, 'ownerId' | 'name'>): UniqueName {
  return { scope: 'space.name', value: `${ownerId}/${name.toLowerCase()}` };
}

export function templateName({ name }: Pick<TemplateRow, 'name'>): UniqueName {
  return { scope: 'template.name', value: name.toLowerCase() };
}

export function volumeName({ name }: Pick<VolumeRow, 'name'>): UniqueName {
  return { scope: 'volume.name', value: name.toLowerCase() };
}

/** Templates tell case apart in the names of variables. */
export function variableName({ location, name }: Pick<VariableRow, 'location' | 'name'>): UniqueName {
  return { scope: 'variable.name', value: `${location}/${name}` };
}

export function userName({ username }: Pick<UserRow, 'username'>): UniqueName {
  return { scope: 'user.name', value: username.toLowerCase() };
}

export function userEmail({ email }: Pick<UserRow, 'email'>): UniqueName {
  return { scope: 'user.email', value: email.toLowerCase() };
}

/** None for a user whom no provider knows. */
export function userSubject({ subject }: Pick<UserRow, 'subject'>): readonly UniqueName[] {
  return subject === '' ? [] : [{ scope: 'user.subject', value: subject }];
}

export function groupName({ name }: Pick<GroupRow, 'name'>): UniqueName {
  return { scope: 'group.name', value: name.toLowerCase() };
}

export function roleName({ name }: Pick<RoleRow, 'name'>): UniqueName {
  return { scope: 'role.name', value: name.toLowerCase() };
}

/** A space is offered once to somebody to share, and to one to take over. */
export function offerName({ deed, spaceId, userId }: Pick<OfferRow, 'deed' | 'spaceId' | 'userId'>): UniqueName {
  return { scope: 'offer', value: deed === 'transfer' ? `${spaceId}/transfer` : `${spaceId}/share/${userId}` };
}

export function claim({ scope, value }: UniqueName, id: string): Unique {
  return { claim: scope, value, id };
}

export function release({ scope, value }: UniqueName, id: string): Unique {
  return { release: scope, value, id };
}

/** From one name to the other; nothing where they are the same to the store. */
export function move(from: UniqueName, to: UniqueName, id: string): readonly Unique[] {
  return from.value === to.value ? [] : [release(from, id), claim(to, id)];
}
