import { Checkbox, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { LoadingRows } from '../../components/loading-rows.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { SearchField } from '../../components/search-field.js';
import { spaceQuery } from '../../queries/space-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';
import { hasAgent } from '../terminal/has-agent.js';
import { NoAgent } from '../terminal/no-agent.js';
import { LogLines } from './log-lines.js';

export function LogsPage() {
  const { id = '' } = useParams();
  const query = useQuery(spaceQuery(id));
  return (
    <QueryView query={query} loading={<LoadingRows rows={1} height={400} />}>
      {(space) => (
        <>
          <PageHead title={texts.logs.title(space.name)} above={{ to: `/spaces/${id}`, label: space.name }} />
          {hasAgent(space) ? <Logs space={id} /> : <NoAgent hint={texts.logs.noAgentHint} />}
        </>
      )}
    </QueryView>
  );
}

function Logs({ space }: { readonly space: string }) {
  const { filters, setFilter } = useListUrl(['search', 'follow']);
  const { search = '' } = filters;
  const follow = filters['follow'] !== 'off';
  return (
    <Stack gap="xs">
      <Group gap="md">
        <SearchField label={texts.logs.search} value={search} onChange={(text) => setFilter('search', text)} />
        <Checkbox
          label={texts.logs.follow}
          checked={follow}
          onChange={(event) => setFilter('follow', event.currentTarget.checked ? '' : 'off')}
        />
      </Group>
      <LogLines key={`${space} ${follow} ${search}`} space={space} search={search} follow={follow} />
    </Stack>
  );
}
