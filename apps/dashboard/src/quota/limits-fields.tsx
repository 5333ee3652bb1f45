import { Text } from '@mantine/core';
import type { Limits } from '../api/schemas.js';
import { LIMITS, limitsOf } from './limits.js';
import { texts } from '../texts/texts.js';
import { CountField } from '../components/count-field.js';
import classes from '../components/form.module.css';

interface LimitsFieldsProps {
  readonly limits: Limits;
  readonly onChange: (limits: Limits) => void;
}

const MOST = 1_000_000;

/** Quotas of a person or a group; 0 is without limit. */
export function LimitsFields({ limits, onChange }: LimitsFieldsProps) {
  return (
    <fieldset className={classes.group}>
      <legend>{texts.quota.legend}</legend>
      <Text c="dimmed" mb="xs">
        {texts.quota.zero}
      </Text>
      <div className={classes.row}>
        {LIMITS.map((name) => (
          <CountField
            key={name}
            label={texts.quota.fields[name]}
            most={MOST}
            value={limits[name]}
            onChange={(count) => onChange({ ...limitsOf(limits), [name]: count })}
          />
        ))}
      </div>
    </fieldset>
  );
}
