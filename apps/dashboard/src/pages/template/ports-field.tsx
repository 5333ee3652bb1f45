import { Button, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { texts } from '../../texts/texts.js';
import { EMPTY_PORT, portChoices, type PortDraft } from './port-draft.js';
import classes from '../../components/form.module.css';

interface PortsFieldProps {
  readonly value: readonly PortDraft[];
  readonly onChange: (value: readonly PortDraft[]) => void;
  readonly error?: string;
}

/** What spaces of a template offer, and for whom. */
export function PortsField({ value, onChange, error }: PortsFieldProps) {
  const [added, setAdded] = useState(-1);
  const adder = useRef<HTMLButtonElement>(null);
  const add = () => {
    setAdded(value.length);
    onChange([...value, EMPTY_PORT]);
  };
  const remove = (at: number) => {
    setAdded(-1);
    onChange(value.filter((_, nth) => nth !== at));
    adder.current?.focus();
  };
  return (
    <Stack gap="sm">
      <Title order={2} size="h6">
        {texts.ports.named}
      </Title>
      <Text c="dimmed">{texts.ports.namedHelp}</Text>
      {value.map((draft, at) => (
        <PortFields
          key={at}
          number={at + 1}
          draft={draft}
          isNew={at === added}
          onChange={(changed) => onChange(value.map((one, nth) => (nth === at ? changed : one)))}
          onRemove={() => remove(at)}
        />
      ))}
      <div>
        <Button
          ref={adder}
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={add}
        >
          {texts.ports.add}
        </Button>
      </div>
      {error !== undefined && (
        <Text c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}

interface PortFieldsProps {
  /** From 1. */
  readonly number: number;
  readonly draft: PortDraft;
  /** Added just now: it is what is filled in next. */
  readonly isNew: boolean;
  readonly onChange: (draft: PortDraft) => void;
  readonly onRemove: () => void;
}

function PortFields({ number, draft, isNew, onChange, onRemove }: PortFieldsProps) {
  const field = (name: keyof PortDraft) => ({
    label: texts.ports.fields[name],
    value: draft[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...draft, [name]: event.currentTarget.value }),
  });
  return (
    <fieldset className={classes.group} aria-label={texts.ports.nth(number)}>
      <div className={classes.row}>
        <TextInput {...field('port')} autoFocus={isNew} inputMode="numeric" placeholder="8080" autoComplete="off" />
        <TextInput {...field('label')} placeholder="Shop" maxLength={64} autoComplete="off" />
        <NativeSelect {...field('protocol')} data={portChoices('protocol')} />
        <NativeSelect {...field('share')} data={portChoices('share')} />
      </div>
      <Button
        size="compact-sm"
        variant="subtle"
        mt={6}
        leftSection={<IconX size={14} aria-hidden />}
        onClick={onRemove}
      >
        {texts.ports.remove(number)}
      </Button>
    </fieldset>
  );
}
