import { Checkbox, Group, Stack } from '@mantine/core';
import { LoadingRows } from '../../components/loading-rows.js';
import { SearchField } from '../../components/search-field.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';
import { InsideHead } from '../space/inside-head.js';
import { OneSpace } from '../space/one-space.js';
import { hasAgent } from '../terminal/has-agent.js';
import { NoAgent } from '../terminal/no-agent.js';
import { LogLines } from './log-lines.js';

export function LogsPage() {
  return (
    <OneSpace loading={<LoadingRows rows={1} height={400} />}>
      {(space, sight) => (
        <>
          <InsideHead title={texts.logs.title(space.name)} space={space} sight={sight} />
          {hasAgent(space) ? <Logs space={space.id} /> : <NoAgent hint={texts.logs.noAgentHint} />}
        </>
      )}
    </OneSpace>
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
