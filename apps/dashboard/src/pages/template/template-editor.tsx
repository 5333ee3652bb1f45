import { RESTART_POLICIES, templateNameProblem, type Platform } from '@knot/domain';
import { Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useRef, type ReactNode } from 'react';
import { Link } from 'react-router';
import { placeOf } from '../../api/problem.js';
import { CodeEditor, type CodeEditorHandle } from '../../components/code-editor.js';
import { ScheduleField } from '../../schedule/schedule-field.js';
import { scheduleProblem } from '../../schedule/schedule-draft.js';
import { texts } from '../../texts/texts.js';
import { isUntouched, newDraft, type TemplateDraft } from './template-text.js';
import { ScopeFields } from './scope-fields.js';
import { TemplateCheck } from './template-check.js';
import { SaveProblem } from './text-problems.js';
import classes from '../../components/form.module.css';

interface TemplateEditorProps {
  readonly initial: TemplateDraft;
  /** Of the template that is edited; '' for a new one. */
  readonly id: string;
  /** What a new template may be for. */
  readonly platforms: readonly Platform[];
  readonly save: (draft: TemplateDraft) => Promise<void>;
  readonly deed: string;
  readonly backTo: string;
  /** Below a refused save. */
  readonly onRefused?: (error: unknown) => ReactNode;
}

export function TemplateEditor({ initial, id, platforms, save, deed, backTo, onRefused }: TemplateEditorProps) {
  const form = useForm({
    initialValues: initial,
    validateInputOnBlur: ['name'],
    validate: { name: templateNameProblem, schedule: scheduleProblem },
  });
  const saving = useMutation({ mutationFn: save });
  const editors = { job: useRef<CodeEditorHandle>(null), volumes: useRef<CodeEditorHandle>(null) };
  const goTo = (text: 'job' | 'volumes', line: number, column: number) => editors[text].current?.goTo(line, column);
  const place = placeOf(saving.error);
  const bad = (text: 'job' | 'volumes') => new Set(place?.text === text ? [place.line] : []);
  return (
    <form className={`${classes.form} ${classes.wide}`} onSubmit={form.onSubmit((draft) => saving.mutate(draft))}>
      <Stack>
        <Names form={form} isNew={id === ''} platforms={platforms} />
        <CodeEditor
          ref={editors.job}
          label={texts.template.job}
          description={texts.editor.jobHelp[form.values.platform]}
          rows={20}
          required
          badLines={bad('job')}
          {...form.getInputProps('job')}
          value={form.values.job}
        />
        <CodeEditor
          ref={editors.volumes}
          label={texts.template.volumes}
          description={texts.editor.volumesHelp}
          rows={6}
          badLines={bad('volumes')}
          {...form.getInputProps('volumes')}
          value={form.values.volumes}
        />
        <Rest form={form} />
        <ScopeFields
          scope={form.values.scope}
          onChange={(change) => form.setFieldValue('scope', { ...form.values.scope, ...change })}
        />
        <ScheduleField
          value={form.values.schedule}
          onChange={(schedule) => form.setFieldValue('schedule', schedule)}
          error={textOf(form.errors['schedule'])}
        />
        {id !== '' && <TemplateCheck id={id} job={form.values.job} volumes={form.values.volumes} goTo={goTo} />}
        {saving.error && <SaveProblem error={saving.error} goTo={goTo} />}
        {saving.error && onRefused?.(saving.error)}
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {deed}
          </Button>
          <Button component={Link} to={backTo} variant="default">
            {texts.common.cancel}
          </Button>
          <Text c="dimmed">{id === '' ? texts.editor.checkNeedsSave : texts.editor.running}</Text>
        </Group>
      </Stack>
    </form>
  );
}

function textOf(error: ReactNode): string | undefined {
  return typeof error === 'string' ? error : undefined;
}

type DraftForm = UseFormReturnType<TemplateDraft>;

interface NamesProps {
  readonly form: DraftForm;
  readonly isNew: boolean;
  readonly platforms: readonly Platform[];
}

function Names({ form, isNew, platforms }: NamesProps) {
  const choose = (value: string) => {
    const platform = platforms.find((name) => name === value);
    if (!platform) return;
    form.setFieldValue('platform', platform);
    if (isUntouched(form.values.job)) form.setFieldValue('job', newDraft(platform).job);
  };
  return (
    <Group grow align="flex-start">
      <TextInput
        label={texts.editor.name}
        required
        autoFocus={isNew}
        autoComplete="off"
        {...form.getInputProps('name')}
      />
      <TextInput label={texts.editor.description} maxLength={1024} {...form.getInputProps('description')} />
      {isNew && (
        <NativeSelect
          label={texts.editor.platform}
          value={form.values.platform}
          onChange={(event) => choose(event.currentTarget.value)}
          data={platforms.map((value) => ({ value, label: texts.platforms[value] }))}
        />
      )}
    </Group>
  );
}

function Rest({ form }: { form: DraftForm }) {
  return (
    <>
      <Group grow align="flex-start">
        <NativeSelect
          label={texts.template.restart}
          data={RESTART_POLICIES.map((value) => ({ value, label: texts.template.restarts[value] }))}
          {...form.getInputProps('restart')}
        />
        <TextInput
          label={texts.editor.note}
          placeholder={texts.common.optional}
          maxLength={1024}
          {...form.getInputProps('note')}
        />
      </Group>
      <Textarea
        label={texts.template.exceptions}
        description={texts.editor.exceptionsHelp}
        rows={2}
        spellCheck={false}
        {...form.getInputProps('exceptions')}
      />
    </>
  );
}
