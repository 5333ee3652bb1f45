import { SetMetadata } from '@nestjs/common';
import type { Action } from '@knot/domain';

export const ACTION = 'knot:action';

/** What the permission check is asked for this route. Every route has one. */
export const Does = (action: Action) => SetMetadata(ACTION, action);
