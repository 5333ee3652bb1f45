import { Body, Controller, Delete, Get, HttpCode, Param, ParseIntPipe, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { PageQueryDto } from '../http/page.dto.js';
import { ConfirmQueryDto } from '../spaces/space.dto.js';
import { Approvals } from './approvals.js';
import { Impact } from './impact.js';
import { ImpactQueryDto, TemplateImpactDto } from './impact.dto.js';
import { RenderTest } from './render-test.js';
import { TemplateRollBackDto } from './roll-back.dto.js';
import { RollOutChoice } from './roll-out-choice.js';
import { SpaceBehindPageDto, SpacesBehindQueryDto } from './roll-out-choice.dto.js';
import { TemplateViews } from './template-views.js';
import {
  RenderResultDto,
  RenderTestDto,
  TemplateCreateDto,
  TemplateDetailDto,
  TemplatePageDto,
  TemplatePutDto,
  TemplateQueryDto,
  TemplateVersionDetailDto,
  TemplateVersionPageDto,
} from './template.dto.js';
import { Templates } from './templates.js';
import { TemplateVersionDiffDto } from './version-diff.dto.js';

@ApiTags('templates')
@Controller('api/v1/templates')
export class TemplatesController {
  constructor(
    private readonly templates: Templates,
    private readonly views: TemplateViews,
    private readonly renderTest: RenderTest,
    private readonly approvals: Approvals,
    private readonly choice: RollOutChoice,
    private readonly impact: Impact,
  ) {}

  /** List templates */
  @Get()
  @Does('template.list')
  list(@Asked() call: Call, @Query() query: TemplateQueryDto): Promise<TemplatePageDto> {
    return this.views.list(call, query);
  }

  /** Read a template; its texts are for administrators */
  @Get(':id')
  @Does('template.read')
  get(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<TemplateDetailDto> {
    return this.views.get(call, id);
  }

  /** Create a template */
  @Post()
  @Does('template.create')
  async create(@Asked() call: Call, @Body() body: TemplateCreateDto): Promise<TemplateDetailDto> {
    return this.renderTest.saved(call, await this.templates.create(call, body));
  }

  /** Save a template: a new version where a text, the restart policy or the exceptions differ */
  @Put(':id')
  @Does('template.change')
  async put(
    @Asked() call: Call,
    @Param('id', IdPipe) id: string,
    @Body() body: TemplatePutDto,
  ): Promise<TemplateDetailDto> {
    return this.renderTest.saved(call, await this.templates.put(call, id, body));
  }

  /** Go back to an older version: saves a new one that equals it */
  @Post(':id/roll-back')
  @HttpCode(200)
  @Does('template.change')
  async rollBack(
    @Asked() call: Call,
    @Param('id', IdPipe) id: string,
    @Body() body: TemplateRollBackDto,
  ): Promise<TemplateDetailDto> {
    return this.renderTest.saved(call, await this.templates.rollBack(call, id, body));
  }

  /** Delete a template that no space uses */
  @Delete(':id')
  @HttpCode(204)
  @Does('template.delete')
  delete(@Asked() call: Call, @Param('id', IdPipe) id: string, @Query() query: ConfirmQueryDto): Promise<void> {
    return this.templates.delete(call, id, query.confirm);
  }

  /** List the versions of a template, newest first */
  @Get(':id/versions')
  @Does('template.text')
  versions(@Param('id', IdPipe) id: string, @Query() query: PageQueryDto): Promise<TemplateVersionPageDto> {
    return this.views.versions(id, query);
  }

  /** Read one version of a template */
  @Get(':id/versions/:number')
  @Does('template.text')
  version(
    @Param('id', IdPipe) id: string,
    @Param('number', ParseIntPipe) number: number,
  ): Promise<TemplateVersionDetailDto> {
    return this.views.version(id, number);
  }

  /** What differs from one version to another; values of variables are no part of it */
  @Get(':id/versions/:number/diff/:other')
  @Does('template.text')
  diff(
    @Param('id', IdPipe) id: string,
    @Param('number', ParseIntPipe) number: number,
    @Param('other', ParseIntPipe) other: number,
  ): Promise<TemplateVersionDiffDto> {
    return this.views.diff(id, number, other);
  }

  /** Approve a version, so that protected variables that name the template are given to it */
  @Post(':id/versions/:number/approve')
  @HttpCode(200)
  @Does('template.approve')
  approve(
    @Asked() call: Call,
    @Param('id', IdPipe) id: string,
    @Param('number', ParseIntPipe) number: number,
  ): Promise<TemplateVersionDetailDto> {
    return this.approvals.approve(call, id, number);
  }

  /** Render a template for a made-up space, protected values masked, and ask the location's backend about it */
  @Post(':id/render-test')
  @HttpCode(200)
  @Does('template.render')
  render(@Asked() call: Call, @Param('id', IdPipe) id: string, @Body() body: RenderTestDto): Promise<RenderResultDto> {
    return this.renderTest.render(call, id, body);
  }

  /** List the spaces that were started with another version than the present one */
  @Get(':id/behind')
  @Does('template.behind')
  behind(@Param('id', IdPipe) id: string, @Query() query: SpacesBehindQueryDto): Promise<SpaceBehindPageDto> {
    return this.choice.behind(id, query);
  }

  /** What a version would do to each space of another one, by dry runs at their locations; nothing is changed */
  @Get(':id/impact')
  @Does('template.behind')
  impactOf(@Param('id', IdPipe) id: string, @Query() query: ImpactQueryDto): Promise<TemplateImpactDto> {
    return this.impact.of(id, query);
  }
}
