import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { LocationNamePipe } from '../http/location-name.pipe.js';
import { OperationDto } from '../operations/operation.dto.js';
import { SpaceDetailDto } from '../spaces/space.dto.js';
import { OrphanAdoptDto, OrphanListDto, OrphanRemoveDto } from './location.dto.js';
import { Orphans } from './orphans.js';

@ApiTags('locations')
@Controller('api/v1/locations/:name/orphans')
export class OrphansController {
  constructor(private readonly orphans: Orphans) {}

  /** List what runs at a location under our mark and has no space */
  @Get()
  @Does('orphan.list')
  list(@Param('name', LocationNamePipe) name: string): Promise<OrphanListDto> {
    return this.orphans.list(name);
  }

  /** Make an orphan a space again */
  @Post(':spaceId/adopt')
  @Does('orphan.adopt')
  adopt(
    @Asked() call: Call,
    @Param('name', LocationNamePipe) name: string,
    @Param('spaceId', IdPipe) spaceId: string,
    @Body() body: OrphanAdoptDto,
  ): Promise<SpaceDetailDto> {
    return this.orphans.adopt(call, name, spaceId, body);
  }

  /** Remove an orphan with its volumes */
  @Post(':spaceId/remove')
  @HttpCode(202)
  @Does('orphan.remove')
  remove(
    @Asked() call: Call,
    @Param('name', LocationNamePipe) name: string,
    @Param('spaceId', IdPipe) spaceId: string,
    @Body() body: OrphanRemoveDto,
  ): Promise<OperationDto> {
    return this.orphans.remove(call, name, spaceId, body.confirm);
  }
}
