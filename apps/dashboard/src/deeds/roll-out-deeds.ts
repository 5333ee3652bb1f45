import { api, told } from '../api/client.js';
import type { RollOutBegin, RollOutProgress, SpaceBehind, TemplateDetail } from '../api/schemas.js';

/** To which of the running spaces that are behind a version goes. */
export type RollOutAim =
  | { readonly to: 'all' }
  | { readonly to: 'location'; readonly location: string }
  | { readonly to: 'spaces'; readonly spaces: readonly Pick<SpaceBehind, 'id' | 'name'>[] };

/** How it goes out. */
type RollOutManner = Required<Pick<RollOutBegin, 'moment' | 'atOnce' | 'failureLimit'>> & Pick<RollOutBegin, 'first'>;

/** The version that was the present one when the page was read; `sure`: also when they are very many. */
export function beginRollOut(
  { id: templateId, present }: Pick<TemplateDetail, 'id' | 'present'>,
  aim: RollOutAim,
  manner: RollOutManner,
  sure: boolean,
): Promise<RollOutProgress> {
  const body = { templateId, to: aim.to, number: present, sure, ...manner, ...whichOf(aim) };
  return told(api.POST('/api/v1/roll-outs', { body }));
}

function whichOf(aim: RollOutAim): { location?: string; spaceIds?: string[] } {
  switch (aim.to) {
    case 'all':
      return {};
    case 'location':
      return { location: aim.location };
    case 'spaces':
      return { spaceIds: aim.spaces.map(({ id }) => id) };
  }
}

/** What updates goes on, and nothing else begins. */
export function holdRollOut(id: string): Promise<RollOutProgress> {
  return told(api.POST('/api/v1/roll-outs/{id}/hold', { params: { path: { id } } }));
}

/** `again`: those that failed or were refused are tried once more. */
export function resumeRollOut(id: string, again: boolean): Promise<RollOutProgress> {
  return told(api.POST('/api/v1/roll-outs/{id}/resume', { params: { path: { id } }, body: { again } }));
}

/** For good; what has the version keeps it. */
export function endRollOut(id: string): Promise<RollOutProgress> {
  return told(api.POST('/api/v1/roll-outs/{id}/end', { params: { path: { id } } }));
}

/** Answers the roll-out of the version before. */
export function goBack(id: string): Promise<RollOutProgress> {
  return told(api.POST('/api/v1/roll-outs/{id}/back', { params: { path: { id } } }));
}
