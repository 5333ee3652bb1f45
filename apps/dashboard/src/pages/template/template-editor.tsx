import { RESTART_POLICIES, templateNameProblem, type Platform } from '@knot/domain';
import { Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useRef, type ReactNode } from 'react';
import { Link } from 'react-router';
import { placeOf } from '../../api/problem.js';
import type { TextProblem } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { CodeEditor, type CodeEditorHandle } from '../../editor/code-editor.js';
import type { TextMark } from '../../editor/open-editor.js';
import { variableNamesQuery } from '../../queries/variable-queries.js';
import { ScheduleField } from '../../schedule/schedule-field.js';
import { scheduleProblem } from '../../schedule/schedule-draft.js';
import { texts } from '../../texts/texts.js';
import { isUntouched, newDraft, type TemplateDraft } from './template-text.js';
import { portDraftsOf, portsProblem } from './port-draft.js';
import { PortsField } from './ports-field.js';
import { QuickFields } from './quick-fields.js';
import { ScopeFields } from './scope-fields.js';
import { TemplateCheck } from './template-check.js';
import { templateCompletions } from './template-completions.js';
import { SaveProblem, TextProblems } from './text-problems.js';
import { TextWarnings } from './text-warnings.js';
import { useTextCheck } from './use-text-check.js';
import classes from '../../components/form.module.css';
import { leadToFault } from '../../components/lead-to-fault.js';

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
    validate: { name: templateNameProblem, schedule: scheduleProblem, ports: portsProblem },
  });
  const saving = useMutation({ mutationFn: save });
  const editors = { job: useRef<CodeEditorHandle>(null), volumes: useRef<CodeEditorHandle>(null) };
  const goTo = (text: 'job' | 'volumes', line: number, column: number) => editors[text].current?.goTo(line, column);
  const place = placeOf(saving.error);
  const { platform, job, volumes } = form.values;
  const { problems, warnings, isChecking } = useTextCheck(id, job, volumes);
  const completions = useCompletions();
  const refused = place && saving.error ? [{ ...place, message: saving.error.message }] : [];
  const jobMarks = useMarks('job', problems, refused);
  const volumeMarks = useMarks('volumes', problems, refused);
  return (
    <form
      className={`${classes.form} ${classes.wide}`}
      onSubmit={form.onSubmit((draft) => saving.mutate(draft), leadToFault)}
    >
      <Stack>
        <Names form={form} isNew={id === ''} platforms={platforms} />
        {id === '' && platform === 'kubernetes' && (
          <QuickFields onTexts={({ ports, ...made }) => form.setValues({ ...made, ports: portDraftsOf(ports) })} />
        )}
        <CodeEditor
          ref={editors.job}
          label={texts.template.job}
          description={texts.editor.jobHelp[platform]}
          language={platform === 'nomad' ? 'hcl' : 'yaml'}
          completions={completions}
          rows={20}
          required
          marks={jobMarks}
          value={job}
          onChange={(text) => form.setFieldValue('job', text)}
        />
        <CodeEditor
          ref={editors.volumes}
          label={texts.template.volumes}
          description={texts.editor.volumesHelp}
          rows={6}
          language="yaml"
          completions={completions}
          marks={volumeMarks}
          value={volumes}
          onChange={(text) => form.setFieldValue('volumes', text)}
        />
        <div role="status" aria-live="polite" aria-label={texts.editor.problems}>
          {problems.length > 0 ? (
            <TextProblems problems={problems} goTo={goTo} />
          ) : warnings.length > 0 ? (
            <TextWarnings warnings={warnings} />
          ) : (
            <Text c="dimmed">{isChecking ? texts.textCheck.checking : texts.textCheck.well}</Text>
          )}
        </div>
        <Rest form={form} />
        {id !== '' && <TemplateCheck id={id} job={job} volumes={volumes} goTo={goTo} />}
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

/** Those of one text, the same array for as long as they are the same. */
function useMarks(text: 'job' | 'volumes', problems: readonly TextProblem[], refused: readonly RefusedMark[]) {
  const marks = [...problems, ...refused].filter((one) => one.text === text);
  const same = JSON.stringify(marks.map(({ line, column, message }) => [line, column, message]));
  const kept = useRef({ same: '[]', marks: marks.slice(0, 0) });
  if (kept.current.same !== same) kept.current = { same, marks };
  return kept.current.marks;
}

function useCompletions() {
  const { may } = useMe();
  const { data: variables } = useQuery({ ...variableNamesQuery(), enabled: may('variable.list') });
  return useMemo(() => templateCompletions(variables ?? []), [variables]);
}

function textOf(error: ReactNode): string | undefined {
  return typeof error === 'string' ? error : undefined;
}

type RefusedMark = TextMark & { readonly text: 'job' | 'volumes' };

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
    <div className={classes.row}>
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
    </div>
  );
}

function Rest({ form }: { form: DraftForm }) {
  return (
    <>
      <div className={classes.row}>
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
      </div>
      <Textarea
        label={texts.template.exceptions}
        description={texts.editor.exceptionsHelp}
        rows={2}
        spellCheck={false}
        {...form.getInputProps('exceptions')}
      />
      <ScopeFields
        scope={form.values.scope}
        onChange={(change) => form.setFieldValue('scope', { ...form.values.scope, ...change })}
      />
      <PortsField
        value={form.values.ports}
        onChange={(ports) => form.setFieldValue('ports', ports)}
        error={textOf(form.errors['ports'])}
      />
      <ScheduleField
        value={form.values.schedule}
        onChange={(schedule) => form.setFieldValue('schedule', schedule)}
        error={textOf(form.errors['schedule'])}
      />
    </>
  );
}
