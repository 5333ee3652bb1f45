import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { PortPipe } from '../http/port.pipe.js';
import { OperationDto } from '../operations/operation.dto.js';
import { PortShares } from './port-shares.js';
import { PortShareChangeDto } from './shared-port.dto.js';
import { SpaceEdits } from './space-edits.js';
import { SpaceViews } from './space-views.js';
import { SpaceWishes } from './space-wishes.js';
import {
  ConfirmQueryDto,
  SpaceChangeDto,
  SpaceCreateDto,
  SpaceDetailDto,
  SpaceExtendDto,
  SpacePageDto,
  SpaceQueryDto,
} from './space.dto.js';

@ApiTags('spaces')
@Controller('api/v1/spaces')
export class SpacesController {
  constructor(
    private readonly views: SpaceViews,
    private readonly edits: SpaceEdits,
    private readonly wishes: SpaceWishes,
    private readonly portShares: PortShares,
  ) {}

  /** List spaces: one's own, for administrators everybody's */
  @Get()
  @Does('space.list')
  list(@Asked() call: Call, @Query() query: SpaceQueryDto): Promise<SpacePageDto> {
    return this.views.list(call, query);
  }

  /** Read a space with its timeline */
  @Get(':id')
  @Does('space.read')
  get(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<SpaceDetailDto> {
    return this.views.get(call, id);
  }

  /** Create a space; it is not started */
  @Post()
  @Does('space.create')
  create(@Asked() call: Call, @Body() body: SpaceCreateDto): Promise<SpaceDetailDto> {
    return this.edits.create(call, body);
  }

  /** Change name or description; nothing happens at the leaf */
  @Patch(':id')
  @Does('space.change')
  change(@Asked() call: Call, @Param('id', IdPipe) id: string, @Body() body: SpaceChangeDto): Promise<SpaceDetailDto> {
    return this.edits.change(call, id, body);
  }

  /** Say with whom a web port is shared beside those who may enter the space */
  @Put(':id/port-shares/:port')
  @Does('space.share-port')
  sharePort(
    @Asked() call: Call,
    @Param('id', IdPipe) id: string,
    @Param('port', PortPipe) port: number,
    @Body() body: PortShareChangeDto,
  ): Promise<SpaceDetailDto> {
    return this.portShares.set(call, id, port, body.share);
  }

  /** Start: freezes the template's present version with the values of now */
  @Post(':id/start')
  @HttpCode(202)
  @Does('space.start')
  start(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<OperationDto> {
    return this.wishes.wish(call, id, 'start');
  }

  /** Stop */
  @Post(':id/stop')
  @HttpCode(202)
  @Does('space.stop')
  stop(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<OperationDto> {
    return this.wishes.wish(call, id, 'stop');
  }

  /** Restart with the same snapshot */
  @Post(':id/restart')
  @HttpCode(202)
  @Does('space.restart')
  restart(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<OperationDto> {
    return this.wishes.wish(call, id, 'restart');
  }

  /** Update a running space to the template's present version and the values of now */
  @Post(':id/update')
  @HttpCode(202)
  @Does('space.update')
  update(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<OperationDto> {
    return this.wishes.wish(call, id, 'update');
  }

  /** Let a space run on beyond its schedule */
  @Post(':id/extend')
  @HttpCode(202)
  @Does('space.extend')
  extend(@Asked() call: Call, @Param('id', IdPipe) id: string, @Body() body: SpaceExtendDto): Promise<OperationDto> {
    return this.wishes.extend(call, id, body.minutes);
  }

  /** Delete a space with its volumes; `confirm` is its name */
  @Delete(':id')
  @HttpCode(202)
  @Does('space.delete')
  delete(@Asked() call: Call, @Param('id', IdPipe) id: string, @Query() query: ConfirmQueryDto): Promise<OperationDto> {
    return this.wishes.delete(call, id, query.confirm);
  }
}
