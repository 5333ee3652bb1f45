import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { OperationDto } from '../operations/operation.dto.js';
import { ConfirmQueryDto } from '../spaces/space.dto.js';
import { VolumeChangeDto, VolumeCreateDto, VolumeDto, VolumePageDto, VolumeQueryDto } from './volume.dto.js';
import { Volumes } from './volumes.js';

@ApiTags('volumes')
@Controller('api/v1/volumes')
export class VolumesController {
  constructor(private readonly volumes: Volumes) {}

  /** List standalone volumes */
  @Get()
  @Does('volume.list')
  list(@Query() query: VolumeQueryDto): Promise<VolumePageDto> {
    return this.volumes.list(query);
  }

  /** Read a volume */
  @Get(':id')
  @Does('volume.read')
  get(@Param('id', IdPipe) id: string): Promise<VolumeDto> {
    return this.volumes.get(id);
  }

  /** Define a volume; it is made at its location once it is wanted `present` */
  @Post()
  @Does('volume.create')
  create(@Asked() call: Call, @Body() body: VolumeCreateDto): Promise<VolumeDto> {
    return this.volumes.create(call, body);
  }

  /** Change what is wanted of a volume */
  @Patch(':id')
  @Does('volume.change')
  change(@Asked() call: Call, @Param('id', IdPipe) id: string, @Body() body: VolumeChangeDto): Promise<VolumeDto> {
    return this.volumes.change(call, id, body);
  }

  /** Delete a volume with its data; `confirm` is its name */
  @Delete(':id')
  @HttpCode(202)
  @Does('volume.delete')
  delete(@Asked() call: Call, @Param('id', IdPipe) id: string, @Query() query: ConfirmQueryDto): Promise<OperationDto> {
    return this.volumes.delete(call, id, query.confirm);
  }
}
