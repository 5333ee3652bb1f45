import type { SnapshotData } from '../space/snapshot.js';
import { trusted, type TemplateData } from './values/data.js';

/**
 * The frozen data of a space as a template sees it, with what each value may do: variables and what a server says of
 * itself were written by administrators, all of `user` and the space's name by a user.
 */
export function snapshotTemplateData(data: SnapshotData): { readonly [group: string]: TemplateData } {
  return {
    space: { id: trusted(data.space.id), name: data.space.name },
    template: trusted({ ...data.template }),
    user: { ...data.user },
    server: trusted({ ...data.server }),
    nomad: trusted({ ...data.nomad }),
    var: trusted({ ...data.var }),
  };
}
