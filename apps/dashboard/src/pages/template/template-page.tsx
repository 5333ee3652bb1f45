import { Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { IconPencil, IconTemplate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { TemplateDetail } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { GonePage } from '../../components/gone-page.js';
import { Facts } from '../../components/facts.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { groupNamesQuery } from '../../queries/people-queries.js';
import { templateQuery } from '../../queries/template-queries.js';
import { scheduleLines } from '../../schedule/schedule-draft.js';
import { texts } from '../../texts/texts.js';
import { DeleteTemplatePanel } from './delete-template-panel.js';
import { portLine } from './port-draft.js';
import { SavedWarnings } from './saved-warnings.js';
import { TextsPanel } from './texts-panel.js';
import { VersionsPanel } from './versions-panel.js';
import classes from '../space/space-page.module.css';

export function TemplatePage() {
  const { id = '' } = useParams();
  const query = useQuery(templateQuery(id));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/templates', label: texts.templates.title };
    return <GonePage icon={<IconTemplate size={28} />} title={texts.template.gone} way={way} />;
  }
  return <QueryView query={query}>{(template) => <TemplateView key={template.id} template={template} />}</QueryView>;
}

function TemplateView({ template }: { template: TemplateDetail }) {
  const { may } = useMe();
  const [shown, setShown] = useState<number | null>(null);
  const number = shown ?? template.present;
  const seesTexts = may('template.text');
  return (
    <>
      <PageHead
        title={template.name}
        above={{ to: '/templates', label: texts.templates.title }}
        badge={
          <Badge variant="default" tt="none">
            {texts.platforms[template.platform]}
          </Badge>
        }
        below={template.description !== '' && <Text c="dimmed">{template.description}</Text>}
      >
        <Button component={Link} to={`/spaces/new?template=${template.id}`}>
          {texts.templates.newSpace}
        </Button>
        {may('template.behind') && (
          <Button component={Link} to={`/templates/${template.id}/roll-out`} variant="default">
            {texts.rollOut.link}
          </Button>
        )}
        {may('template.change') && (
          <Button
            component={Link}
            to={`/templates/${template.id}/edit`}
            variant="default"
            leftSection={<IconPencil size={16} aria-hidden />}
          >
            {texts.template.edit}
          </Button>
        )}
      </PageHead>
      <SavedWarnings id={template.id} />
      <div className={classes.columns}>
        <div className={classes.column}>
          {seesTexts ? (
            <TextsPanel template={template} number={number} />
          ) : (
            <Panel title={texts.template.textsTitle}>
              <Text c="dimmed">{texts.template.textsHidden}</Text>
            </Panel>
          )}
        </div>
        <div className={classes.column}>
          <TemplateFacts template={template} />
          {seesTexts && <VersionsPanel template={template} shown={number} onShow={setShown} />}
          {may('template.delete') && <DeleteTemplatePanel template={template} />}
        </div>
      </div>
    </>
  );
}

function TemplateFacts({ template }: { template: TemplateDetail }) {
  const { variables, exceptions, schedule, groups, locations, computeUnits, storageUnits, ports } = template;
  const { may } = useMe();
  const { data: named } = useQuery({ ...groupNamesQuery(), enabled: groups.length > 0 && may('group.list') });
  const groupNames = groups.map((id) => named?.find((group) => group.id === id)?.name ?? id).join(', ');
  return (
    <Panel title={texts.space.factsTitle}>
      <Facts
        facts={[
          { name: texts.templates.version, value: template.present },
          {
            name: texts.templates.spaces,
            value: (
              <Anchor component={Link} to={`/spaces?template=${template.id}`} inherit>
                {template.spaces}
              </Anchor>
            ),
          },
          { name: texts.templates.updated, value: <Moment at={template.updatedAt} /> },
          { name: texts.template.restart, value: texts.template.restarts[template.restart] },
          {
            name: texts.schedule.title,
            value: schedule ? <Lines lines={scheduleLines(schedule)} /> : texts.schedule.always,
          },
          { name: texts.scope.groups, value: groupNames === '' ? texts.scope.everybody : groupNames },
          {
            name: texts.scope.locations,
            value: locations.length === 0 ? texts.scope.everywhere : locations.join(', '),
          },
          { name: texts.scope.units, value: texts.scope.unitsOf(computeUnits, storageUnits) },
          {
            name: texts.ports.list,
            value: ports.length > 0 ? <Lines lines={ports.map(portLine)} /> : texts.common.none,
          },
          { name: texts.template.variables, value: <Names names={variables} /> },
          { name: texts.template.exceptions, value: <Names names={exceptions} /> },
        ]}
      />
    </Panel>
  );
}

function Lines({ lines }: { lines: readonly string[] }) {
  return lines.map((line) => <div key={line}>{line}</div>);
}

function Names({ names }: { names: readonly string[] }) {
  if (names.length === 0) return texts.common.none;
  return (
    <Group gap={6}>
      {names.map((name) => (
        <code key={name}>{name}</code>
      ))}
    </Group>
  );
}
