import { NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { hasCode } from '../../api/problem.js';
import type { Location, RollOutBegin, RollOutProgress, TemplateDetail } from '../../api/schemas.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { CountField } from '../../components/count-field.js';
import { beginRollOut, type RollOutAim } from '../../deeds/roll-out-deeds.js';
import { texts } from '../../texts/texts.js';
import form from '../../components/form.module.css';

interface BeginModalProps {
  readonly template: TemplateDetail;
  readonly aim: RollOutAim;
  readonly locations: readonly Location[];
  readonly onBegun: (rollOut: RollOutProgress) => void;
  readonly onClose: () => void;
}

/** Says what restarts, and how it goes out; of very many the server asks once more, with their number. */
export function BeginModal({ template, aim, locations, onBegun, onClose }: BeginModalProps) {
  const [isNow, setNow] = useState(true);
  const [first, setFirst] = useState('');
  const [failureLimit, setFailureLimit] = useState(10);
  const [atOnce, setAtOnce] = useState(10);
  const beginning = useMutation({
    mutationFn: (sure: boolean) => {
      const moment = isNow ? 'now' : 'next-stop';
      const manner = { moment, failureLimit, atOnce: Math.max(1, atOnce), first: firstOf(first) } as const;
      return beginRollOut(template, aim, manner, sure);
    },
    onSuccess: onBegun,
  });
  const many = hasCode(beginning.error, 'confirm.required');
  const firsts = [
    ...['1', '5', '10%', '25%'].map((value) => ({ value, label: texts.rollOut.firstSome(value) })),
    ...(aim.to === 'location' ? [] : locations).map(({ name }) => ({
      value: `at ${name}`,
      label: texts.rollOut.firstAt(name),
    })),
  ];
  return (
    <ConfirmModal
      title={texts.rollOut.askTitle(template.present)}
      what={
        <Stack gap="sm">
          <Text>{askOf(aim, isNow)}</Text>
          <div className={form.row}>
            <NativeSelect
              label={texts.rollOut.moment}
              value={isNow ? 'now' : 'next-stop'}
              onChange={(event) => setNow(event.currentTarget.value === 'now')}
              data={[
                { value: 'now', label: texts.rollOut.moments.now },
                { value: 'next-stop', label: texts.rollOut.moments['next-stop'] },
              ]}
            />
            <NativeSelect
              label={texts.rollOut.first}
              value={first}
              onChange={(event) => setFirst(event.currentTarget.value)}
              data={[{ value: '', label: texts.rollOut.firstNone }, ...firsts]}
            />
            <CountField label={texts.rollOut.limit} most={100} value={failureLimit} onChange={setFailureLimit} />
            <CountField label={texts.rollOut.atOnce} most={500} value={atOnce} onChange={setAtOnce} />
          </div>
          <Text c="dimmed">{texts.rollOut.undo}</Text>
          {many && (
            <Text fw={600} role="alert">
              {beginning.error?.message}
            </Text>
          )}
        </Stack>
      }
      deed={many ? texts.rollOut.sure : texts.rollOut.deed}
      danger={many}
      busy={beginning.isPending}
      error={many ? null : beginning.error}
      onConfirm={() => beginning.mutate(many)}
      onClose={onClose}
    />
  );
}

/** `5`, `10%` or `at <location>`; '' is no stage of its own. */
function firstOf(choice: string): RollOutBegin['first'] {
  if (choice === '') return undefined;
  if (choice.startsWith('at ')) return { location: choice.slice(3) };
  return choice.endsWith('%') ? { percent: parseInt(choice, 10) } : { count: Number(choice) };
}

function askOf(aim: RollOutAim, isNow: boolean): string {
  const how = texts.rollOut.askHow[isNow ? 'now' : 'next-stop'];
  switch (aim.to) {
    case 'all':
      return `${texts.rollOut.askAll} ${how}`;
    case 'location':
      return `${texts.rollOut.askLocation(aim.location)} ${how}`;
    case 'spaces':
      return `${texts.rollOut.askChosen(aim.spaces.map(({ name }) => name).join(', '))} ${how}`;
  }
}
