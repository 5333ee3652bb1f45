import { Controller, HttpCode, Post } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { ApiTags } from '../openapi/api.decorator.js';
import { RestoredHistory } from './restored-history.js';

@ApiTags('restore')
@Controller('api/v1/restore')
export class RestoreController {
  constructor(private readonly restored: RestoredHistory) {}

  /** Accept a database that was put back from a backup, after a look at its users and tokens: API tokens hold again */
  @Post('accept')
  @HttpCode(204)
  @Does('restore.accept')
  accept(@Asked() call: Call): Promise<void> {
    return this.restored.accept(call);
  }
}
