import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { SearchField } from '../../components/search-field.js';
import type { ListUrl } from '../../queries/use-list-url.js';
import { momentOfWall, wallTime } from '../../texts/format-time.js';
import { texts } from '../../texts/texts.js';
import filters from '../../components/filters.module.css';

/** Names of the filters, as they stand in the address and in the request; times in ms since the epoch. */
export const AUDIT_FILTERS = ['actor', 'action', 'subject', 'outcome', 'since', 'until'];

const OUTCOMES = ['done', 'refused'] as const;
const HOUR_MS = 3_600_000;
const QUICK = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;
const QUICK_NAMES = ['hour', 'day', 'week'] as const;

export function AuditFilters({ url }: { url: ListUrl }) {
  const value = (name: string) => url.filters[name] ?? '';
  const search = (name: string, label: string) => (
    <SearchField label={label} value={value(name)} onChange={(text) => url.setFilter(name, text.trim())} />
  );
  const outcomes = OUTCOMES.map((outcome) => ({ value: outcome, label: texts.audit.outcomes[outcome] }));
  return (
    <search aria-label={texts.common.filters}>
      <div className={filters.filters}>
        {search('actor', texts.audit.byActor)}
        {search('action', texts.audit.byAction)}
        {search('subject', texts.audit.bySubject)}
        <NativeSelect
          aria-label={texts.audit.outcome}
          value={value('outcome')}
          onChange={(event) => url.setFilter('outcome', event.currentTarget.value)}
          data={[{ value: '', label: texts.audit.anyOutcome }, ...outcomes]}
        />
      </div>
      <Group gap="sm" mt="xs" align="flex-end">
        <TimeField label={texts.audit.since} value={value('since')} onChange={(at) => url.setFilter('since', at)} />
        <TimeField label={texts.audit.until} value={value('until')} onChange={(at) => url.setFilter('until', at)} />
        <Group gap={6} role="group" aria-label={texts.audit.quickLabel}>
          {QUICK_NAMES.map((name) => (
            <Button
              key={name}
              size="compact-sm"
              variant="default"
              onClick={() => url.setFilter('since', String(Date.now() - QUICK[name]))}
            >
              {texts.audit.quick[name]}
            </Button>
          ))}
        </Group>
      </Group>
    </search>
  );
}

interface TimeFieldProps {
  readonly label: string;
  /** ms since the epoch in digits; '' is none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A date and a time of day in the user's zone. */
function TimeField({ label, value, onChange }: TimeFieldProps) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      value={value === '' ? '' : wallTime(Number(value))}
      onChange={(event) => {
        const at = momentOfWall(event.currentTarget.value);
        onChange(Number.isNaN(at) ? '' : String(at));
      }}
    />
  );
}
