import { Controller, Get, Param, Query } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiTags } from '../openapi/api.decorator.js';
import { UsageHistory } from './usage-history.js';
import { UsageHistoryDto, UsageQueryDto } from './usage.dto.js';

@ApiTags('usage')
@Controller('api/v1')
export class UsageController {
  constructor(private readonly history: UsageHistory) {}

  /** What everybody together used over time */
  @Get('usage')
  @Does('usage.read')
  ofAll(@Query() query: UsageQueryDto): Promise<UsageHistoryDto> {
    return this.history.ofAll(query);
  }

  /** What one used over time */
  @Get('me/usage')
  @Does('me.read')
  mine(@Asked() call: Call, @Query() query: UsageQueryDto): Promise<UsageHistoryDto> {
    return this.history.ofUser(call.actor.id, query);
  }

  /** What a person used over time */
  @Get('users/:id/usage')
  @Does('user.read')
  ofUser(@Param('id', IdPipe) id: string, @Query() query: UsageQueryDto): Promise<UsageHistoryDto> {
    return this.history.ofUser(id, query);
  }

  /** What the members of a group used over time */
  @Get('groups/:id/usage')
  @Does('group.usage')
  ofGroup(@Param('id', IdPipe) id: string, @Query() query: UsageQueryDto): Promise<UsageHistoryDto> {
    return this.history.ofGroup(id, query);
  }
}
