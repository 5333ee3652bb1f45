import type { components } from '@knot/contract';

type Schemas = components['schemas'];

export type AuditEntry = Schemas['AuditEntry'];
export type Group = Schemas['Group'];
export type Location = Schemas['Location'];
export type LocationDetail = Schemas['LocationDetail'];
export type Offer = Schemas['Offer'];
export type Operation = Schemas['Operation'];
export type Orphan = Schemas['Orphan'];
export type Role = Schemas['Role'];
export type RollOutProgress = Schemas['RollOutProgress'];
export type Space = Schemas['Space'];
export type SpaceDetail = Schemas['SpaceDetail'];
export type Template = Schemas['Template'];
export type TemplateDetail = Schemas['TemplateDetail'];
export type TokenScope = Schemas['TokenCreate']['scopes'][number];
export type User = Schemas['User'];
export type UserDeletion = Schemas['UserDeletion'];
export type Variable = Schemas['Variable'];
export type Volume = Schemas['Volume'];
