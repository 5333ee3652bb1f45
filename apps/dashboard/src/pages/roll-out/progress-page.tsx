import { Alert, Anchor, NativeSelect, Text } from '@mantine/core';
import { IconAlertTriangle, IconChecks } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ROLL_OUT_SPACE_STATES } from '@knot/domain';
import { Link, useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { RollOutProgress, RollOutSpace } from '../../api/schemas.js';
import { EmptyView } from '../../components/empty-view.js';
import { GonePage } from '../../components/gone-page.js';
import { ListTable } from '../../components/list-table.js';
import { ListView } from '../../components/list-view.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { StatusBadge } from '../../components/status-badge.js';
import { rollOutQuery, rollOutSpacesQuery } from '../../queries/roll-out-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';
import { ProgressBar } from './progress-bar.js';
import { RollOutDeeds } from './roll-out-deeds.js';
import { ROLL_OUT_TONES, SPACE_TONES } from './tones.js';
import filters from '../../components/filters.module.css';
import classes from '../../components/table.module.css';

export function ProgressPage() {
  const { id = '' } = useParams();
  const query = useQuery(rollOutQuery(id));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/templates', label: texts.templates.title };
    return <GonePage icon={<IconChecks size={28} />} title={texts.rollOut.gone} way={way} />;
  }
  return <QueryView query={query}>{(rollOut) => <Progress key={id} rollOut={rollOut} />}</QueryView>;
}

/** A roll-out as it goes: the event stream says when something of it changed. */
function Progress({ rollOut }: { rollOut: RollOutProgress }) {
  const { templateId, template, number, state, reason, moment, actor, createdAt } = rollOut;
  return (
    <>
      <PageHead
        title={texts.rollOut.progressTitle(number, template)}
        above={{ to: `/templates/${templateId}/roll-out`, label: texts.rollOut.title(template) }}
        badge={<StatusBadge tone={ROLL_OUT_TONES[state]} word={texts.rollOut.states[state]} />}
        below={
          <Text c="dimmed">
            {texts.rollOut.moments[moment]}, {actor}, <Moment at={createdAt} />
          </Text>
        }
      >
        <RollOutDeeds rollOut={rollOut} />
      </PageHead>
      {reason !== '' && (
        <Alert role="status" color={state === 'held' ? 'orange' : 'gray'} icon={<IconAlertTriangle aria-hidden />}>
          <Text>{reason}</Text>
        </Alert>
      )}
      <Panel title={texts.rollOut.howFar}>
        <ProgressBar rollOut={rollOut} />
      </Panel>
      <SpacesOf id={rollOut.id} />
    </>
  );
}

function SpacesOf({ id }: { id: string }) {
  const url = useListUrl(['state']);
  const query = useQuery({ ...rollOutSpacesQuery(id, url), placeholderData: keepPreviousData });
  const states = ROLL_OUT_SPACE_STATES.map((value) => ({ value, label: texts.rollOut.spaceStates[value] }));
  return (
    <>
      <search className={filters.filters} aria-label={texts.common.filters}>
        <NativeSelect
          aria-label={texts.rollOut.state}
          value={url.filters['state'] ?? ''}
          onChange={(event) => url.setFilter('state', event.currentTarget.value)}
          data={[{ value: '', label: texts.rollOut.anyState }, ...states]}
        />
      </search>
      <ListView
        query={query}
        url={url}
        empty={<EmptyView icon={<IconChecks size={28} />} title={texts.rollOut.noSpaces} />}
      >
        {(spaces) => <SpaceTable spaces={spaces} />}
      </ListView>
    </>
  );
}

function SpaceTable({ spaces }: { spaces: readonly RollOutSpace[] }) {
  return (
    <ListTable
      rows={spaces}
      keyOf={({ spaceId }) => spaceId}
      nameOf={({ name }) => name}
      columns={[
        {
          label: texts.rollOut.space,
          cell: ({ spaceId, name, owner }) => (
            <>
              <Anchor component={Link} to={`/spaces/${spaceId}`} className={classes.main}>
                {name}
              </Anchor>
              <Text c="dimmed">{owner}</Text>
            </>
          ),
        },
        { label: texts.rollOut.location, cell: ({ location }) => location },
        { label: texts.rollOut.stage, isNumber: true, cell: ({ stage }) => stage + 1 },
        {
          label: texts.rollOut.state,
          cell: ({ state, message, hint }) => (
            <div>
              <StatusBadge tone={SPACE_TONES[state]} word={texts.rollOut.spaceStates[state]} />
              {message !== '' && (
                <Text c="dimmed">
                  {message} {hint}
                </Text>
              )}
            </div>
          ),
        },
        { label: texts.rollOut.since, isNumber: true, cell: ({ since }) => <Moment at={since} /> },
      ]}
    />
  );
}
