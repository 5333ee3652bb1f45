import { Button, Checkbox, Text, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { texts } from '../texts/texts.js';
import { dayName, WEEK, type WindowDraft } from './schedule-draft.js';
import classes from './window-fields.module.css';

interface WindowFieldsProps {
  /** From 1. */
  readonly number: number;
  readonly window: WindowDraft;
  readonly onChange: (window: WindowDraft) => void;
  /** Null for the only one. */
  readonly onRemove: (() => void) | null;
}

/** One time of the week. */
export function WindowFields({ number, window, onChange, onRemove }: WindowFieldsProps) {
  const { days, from, to } = window;
  const flip = (day: number) =>
    onChange({ ...window, days: days.includes(day) ? days.filter((one) => one !== day) : [...days, day].sort() });
  const time = (name: 'from' | 'to', label: string) => (
    <TextInput
      type="time"
      className={classes.time}
      label={label}
      required
      value={window[name]}
      onChange={(event) => onChange({ ...window, [name]: event.currentTarget.value })}
    />
  );
  return (
    <fieldset className={classes.window}>
      <legend>{texts.schedule.window(number)}</legend>
      <div className={classes.days} role="group" aria-label={texts.schedule.days}>
        {WEEK.map((day) => (
          <Checkbox key={day} size="xs" label={dayName(day)} checked={days.includes(day)} onChange={() => flip(day)} />
        ))}
      </div>
      {time('from', texts.schedule.from)}
      {time('to', texts.schedule.to)}
      {to <= from && (
        <Text c="dimmed" mb={8}>
          {texts.schedule.overnight}
        </Text>
      )}
      {onRemove && (
        <Button
          size="compact-sm"
          variant="subtle"
          mb={6}
          leftSection={<IconX size={14} aria-hidden />}
          onClick={onRemove}
        >
          {texts.schedule.removeWindow(number)}
        </Button>
      )}
    </fieldset>
  );
}
