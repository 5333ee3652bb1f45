import type { components } from '@knot/contract';

type Schemas = components['schemas'];

export type Me = Schemas['Me'];
export type User = Schemas['User'];
export type Space = Schemas['Space'];
export type SpaceDetail = Schemas['SpaceDetail'];
export type SpacePage = Schemas['SpacePage'];
export type SpaceVolume = Schemas['SpaceVolume'];
export type Condition = Schemas['Condition'];
export type StartPhase = Schemas['StartPhase'];
export type TimelineEvent = Schemas['TimelineEvent'];
export type Operation = Schemas['Operation'];
export type Template = Schemas['Template'];
export type TemplateDetail = Schemas['TemplateDetail'];
export type TemplatePage = Schemas['TemplatePage'];
export type TemplateCreate = Schemas['TemplateCreate'];
export type TemplatePut = Schemas['TemplatePut'];
export type TextProblem = Schemas['TextProblem'];
export type Location = Schemas['Location'];
export type LocationDetail = Schemas['LocationDetail'];
export type LocationList = Schemas['LocationList'];
export type LeafInstance = Schemas['LeafInstance'];
export type Orphan = Schemas['Orphan'];
export type Token = Schemas['Token'];
export type TokenMade = Schemas['TokenMade'];
export type Session = Schemas['Session'];
