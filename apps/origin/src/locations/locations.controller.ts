import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { LocationNamePipe } from '../http/location-name.pipe.js';
import { BulkDelete } from './bulk-delete.js';
import { ForceForget } from './force-forget.js';
import { LocationDeeds } from './location-deeds.js';
import { LocationViews } from './location-views.js';
import {
  BulkDeleteDto,
  BulkDeletedDto,
  ForceForgetDto,
  ForgottenDto,
  LocationDetailDto,
  LocationListDto,
  LocationPolicyDto,
  LocationTokenDto,
} from './location.dto.js';

@ApiTags('locations')
@Controller('api/v1/locations')
export class LocationsController {
  constructor(
    private readonly views: LocationViews,
    private readonly deeds: LocationDeeds,
    private readonly forget: ForceForget,
    private readonly bulk: BulkDelete,
  ) {}

  /** List locations */
  @Get()
  @Does('location.list')
  list(): Promise<LocationListDto> {
    return this.views.list();
  }

  /** Read a location */
  @Get(':name')
  @Does('location.read')
  get(@Asked() call: Call, @Param('name', LocationNamePipe) name: string): Promise<LocationDetailDto> {
    return this.views.get(call, name);
  }

  /** Make an enrolment token for one location; a location that does not exist yet is made */
  @Post(':name/token')
  @Does('location.token')
  token(@Asked() call: Call, @Param('name', LocationNamePipe) name: string): Promise<LocationTokenDto> {
    return this.deeds.makeToken(call, name);
  }

  /** Let a waiting instance in */
  @Post(':name/instances/:instance/approve')
  @HttpCode(200)
  @Does('location.approve')
  approve(
    @Asked() call: Call,
    @Param('name', LocationNamePipe) name: string,
    @Param('instance', IdPipe) instance: string,
  ): Promise<LocationDetailDto> {
    return this.deeds.approve(call, name, instance);
  }

  /** Cut an instance off: its credentials end at once */
  @Post(':name/instances/:instance/revoke')
  @HttpCode(200)
  @Does('location.revoke')
  revoke(
    @Asked() call: Call,
    @Param('name', LocationNamePipe) name: string,
    @Param('instance', IdPipe) instance: string,
  ): Promise<LocationDetailDto> {
    return this.deeds.revoke(call, name, instance);
  }

  /** Set what templates may ask for at a location */
  @Put(':name/policy')
  @Does('location.policy')
  policy(
    @Asked() call: Call,
    @Param('name', LocationNamePipe) name: string,
    @Body() body: LocationPolicyDto,
  ): Promise<LocationDetailDto> {
    return this.deeds.setPolicy(call, name, body);
  }

  /** Give up a dead location: its spaces become orphans */
  @Post(':name/force-forget')
  @HttpCode(200)
  @Does('location.forget')
  forceForget(
    @Asked() call: Call,
    @Param('name', LocationNamePipe) name: string,
    @Body() body: ForceForgetDto,
  ): Promise<ForgottenDto> {
    return this.forget.forget(call, name, body.confirm);
  }

  /** Delete several spaces of a location; many at once ask twice */
  @Post(':name/bulk-delete')
  @HttpCode(202)
  @Does('location.bulk-delete')
  bulkDelete(
    @Asked() call: Call,
    @Param('name', LocationNamePipe) name: string,
    @Body() body: BulkDeleteDto,
  ): Promise<BulkDeletedDto> {
    return this.bulk.delete(call, name, body);
  }
}
