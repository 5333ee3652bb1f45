import { Button, NativeSelect, Text } from '@mantine/core';
import { IconChecks, IconTemplate } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { RollOutProgress, TemplateDetail } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { GonePage } from '../../components/gone-page.js';
import { ListView } from '../../components/list-view.js';
import { PageHead } from '../../components/page-head.js';
import { ProblemView } from '../../components/problem-view.js';
import { QueryView } from '../../components/query-view.js';
import type { RollOutAim } from '../../deeds/roll-out-deeds.js';
import { keys } from '../../queries/keys.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { spacesBehindQuery, templateImpactQuery, templateQuery } from '../../queries/template-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';
import { BeginModal } from './begin-modal.js';
import { ImpactTable } from './impact-table.js';
import { LatestRollOuts } from './latest-roll-outs.js';
import filters from '../../components/filters.module.css';

export function RollOutPage() {
  const { id = '' } = useParams();
  const query = useQuery(templateQuery(id));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/templates', label: texts.templates.title };
    return <GonePage icon={<IconTemplate size={28} />} title={texts.template.gone} way={way} />;
  }
  return <QueryView query={query}>{(template) => <RollOutOf key={id} template={template} />}</QueryView>;
}

/** Which spaces are behind, what the present version would do to each, and the way to bring it to some or all. */
function RollOutOf({ template }: { template: TemplateDetail }) {
  const { id, name, present } = template;
  const { may } = useMe();
  const navigate = useNavigate();
  const client = useQueryClient();
  const url = useListUrl(['location']);
  const query = useQuery({ ...spacesBehindQuery(id, url), placeholderData: keepPreviousData });
  const impact = useQuery(templateImpactQuery(id, present, url));
  const locations = useQuery(locationsQuery());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [aim, setAim] = useState<RollOutAim | null>(null);
  const location = url.filters['location'] ?? '';
  const running = (query.data?.items ?? []).filter((space) => space.running);
  const marked = running.filter((space) => chosen.has(space.id));
  const mayUpdate = may('template.roll-out');
  const impacts = impact.data && new Map(impact.data.items.map((one) => [one.id, one]));
  const begun = ({ id: begunId }: RollOutProgress) => {
    void client.invalidateQueries({ queryKey: keys.rollOuts });
    return navigate(`/roll-outs/${begunId}`);
  };
  return (
    <>
      <PageHead
        title={texts.rollOut.title(name)}
        above={{ to: `/templates/${id}`, label: name }}
        below={<Text c="dimmed">{texts.rollOut.what(present)}</Text>}
      >
        {mayUpdate && marked.length > 0 && (
          <Button onClick={() => setAim({ to: 'spaces', spaces: marked })}>
            {texts.rollOut.toChosen(marked.length)} …
          </Button>
        )}
        {mayUpdate && running.length > 0 && (
          <Button
            variant="default"
            onClick={() => setAim(location === '' ? { to: 'all' } : { to: 'location', location })}
          >
            {location === '' ? texts.rollOut.toAll : texts.rollOut.toLocation(location)} …
          </Button>
        )}
      </PageHead>
      <LatestRollOuts template={id} />
      <search className={filters.filters} aria-label={texts.common.filters}>
        <NativeSelect
          aria-label={texts.rollOut.location}
          value={location}
          onChange={(event) => url.setFilter('location', event.currentTarget.value)}
          data={[{ value: '', label: texts.rollOut.anyLocation }, ...(locations.data ?? []).map((one) => one.name)]}
        />
      </search>
      {impact.error && <ProblemView error={impact.error} onRetry={() => void impact.refetch()} />}
      <ListView
        query={query}
        url={url}
        empty={<EmptyView icon={<IconChecks size={28} />} title={texts.rollOut.empty} hint={texts.rollOut.emptyHint} />}
      >
        {(spaces) => (
          <ImpactTable
            spaces={spaces}
            impacts={impact.error ? null : impacts}
            chosen={chosen}
            onChoose={mayUpdate ? setChosen : null}
          />
        )}
      </ListView>
      {aim && (
        <BeginModal
          template={template}
          aim={aim}
          locations={locations.data ?? []}
          onBegun={(rollOut) => void begun(rollOut)}
          onClose={() => setAim(null)}
        />
      )}
    </>
  );
}
