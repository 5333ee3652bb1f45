import { quickFormProblem, quickKubernetes, type QuickTemplate } from '@knot/domain';
import { Button, Group, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { texts } from '../../texts/texts.js';
import { EMPTY_DRAFT, quickFormOf, type QuickDraft } from './quick-draft.js';
import classes from '../../components/form.module.css';

const SHORT = ['cpu', 'memory', 'home', 'homePath'] as const;

/** For whoever writes no manifests: a few words become the texts below, where they can be read before they are saved. */
export function QuickFields({ onTexts }: { onTexts: (made: QuickTemplate) => void }) {
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [problem, setProblem] = useState<string | null>(null);
  const [isWritten, setWritten] = useState(false);
  const field = (name: keyof QuickDraft) => ({
    label: texts.quick.fields[name],
    value: draft[name],
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => {
      setDraft({ ...draft, [name]: event.currentTarget.value });
      setWritten(false);
    },
  });
  const write = () => {
    const form = quickFormOf(draft);
    const wrong = quickFormProblem(form);
    setProblem(wrong);
    setWritten(wrong === null);
    if (wrong === null) onTexts(quickKubernetes(form));
  };
  return (
    <details className={classes.quick} open>
      <summary>{texts.quick.title}</summary>
      <Text c="dimmed">{texts.quick.what}</Text>
      <div className={classes.row}>
        <TextInput {...field('image')} placeholder="debian:bookworm" />
        <TextInput {...field('command')} placeholder="sleep infinity" />
      </div>
      <div className={classes.row}>
        <Textarea {...field('env')} rows={2} placeholder="EDITOR=vi" description={texts.quick.envHelp} />
        <Textarea {...field('ports')} rows={2} placeholder="8080=Shop" description={texts.quick.portsHelp} />
      </div>
      <div className={classes.row}>
        {SHORT.map((name) => (
          <TextInput key={name} {...field(name)} placeholder={texts.quick.examples[name]} />
        ))}
      </div>
      <Group gap="sm">
        <Button variant="light" onClick={write}>
          {texts.quick.write}
        </Button>
        <Text role="status" c={problem === null ? 'dimmed' : 'red'}>
          {problem ?? (isWritten && texts.quick.written)}
        </Text>
      </Group>
    </details>
  );
}
