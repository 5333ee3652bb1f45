import { Button, Checkbox, Stack, Text, Textarea } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { TimezoneField } from '../components/timezone-field.js';
import { texts } from '../texts/texts.js';
import { newSchedule, newWindow, type ScheduleDraft } from './schedule-draft.js';
import { WindowFields } from './window-fields.js';

interface ScheduleFieldProps {
  /** Null: at any time. */
  readonly value: ScheduleDraft | null;
  readonly onChange: (value: ScheduleDraft | null) => void;
  readonly error?: string;
}

/** When spaces may run. */
export function ScheduleField({ value, onChange, error }: ScheduleFieldProps) {
  return (
    <Stack gap="sm">
      <Checkbox
        label={texts.schedule.only}
        description={texts.schedule.onlyHelp}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? newSchedule() : null)}
      />
      {value && <Fields value={value} onChange={onChange} />}
      {error !== undefined && (
        <Text c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}

function Fields({ value, onChange }: { value: ScheduleDraft; onChange: (value: ScheduleDraft) => void }) {
  const { windows, timezone, holidays, autoStart } = value;
  return (
    <>
      {windows.map((window, at) => (
        <WindowFields
          key={at}
          number={at + 1}
          window={window}
          onChange={(changed) =>
            onChange({ ...value, windows: windows.map((one, nth) => (nth === at ? changed : one)) })
          }
          onRemove={
            windows.length > 1 ? () => onChange({ ...value, windows: windows.filter((_, nth) => nth !== at) }) : null
          }
        />
      ))}
      <div>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange({ ...value, windows: [...windows, newWindow()] })}
        >
          {texts.schedule.addWindow}
        </Button>
      </div>
      <TimezoneField
        label={texts.schedule.timezone}
        description={texts.schedule.timezoneHelp}
        field={{
          required: true,
          value: timezone,
          onChange: (event) => onChange({ ...value, timezone: event.currentTarget.value }),
        }}
      />
      <Textarea
        label={texts.schedule.holidays}
        description={texts.schedule.holidaysHelp}
        rows={2}
        spellCheck={false}
        value={holidays}
        onChange={(event) => onChange({ ...value, holidays: event.currentTarget.value })}
      />
      <Checkbox
        label={texts.schedule.autoStart}
        description={texts.schedule.autoStartHelp}
        checked={autoStart}
        onChange={(event) => onChange({ ...value, autoStart: event.currentTarget.checked })}
      />
    </>
  );
}
