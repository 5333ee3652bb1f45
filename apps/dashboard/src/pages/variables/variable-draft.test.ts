import { describe, expect, it } from 'vitest';
import type { Variable } from '../../api/schemas.js';
import { createOfVariable, draftOfVariable, putOfVariable } from './variable-draft.js';

const secret: Variable = {
  id: 'v-1',
  name: 'password',
  location: '',
  value: null,
  protected: true,
  restricted: false,
  templates: ['t-1'],
  updatedAt: 0,
  version: 3,
};

describe('the form of a variable', () => {
  it('keeps a protected value that was left empty', () => {
    expect(putOfVariable(draftOfVariable(secret), secret)).not.toHaveProperty('value');
    expect(putOfVariable({ ...draftOfVariable(secret), value: 'new' }, secret)).toMatchObject({ value: 'new' });
  });

  it('sends the value with a protection that is taken away or was never there, an empty one too', () => {
    expect(putOfVariable({ ...draftOfVariable(secret), isProtected: false }, secret)).toMatchObject({
      value: '',
      protected: false,
      templates: [],
    });
    const open: Variable = { ...secret, protected: false, value: 'debian' };
    expect(putOfVariable({ ...draftOfVariable(open), value: '' }, open)).toMatchObject({ value: '' });
  });

  it('names templates only while it is protected', () => {
    const draft = { ...draftOfVariable(secret), value: 'x' };
    expect(createOfVariable(draft).templates).toEqual(['t-1']);
    expect(createOfVariable({ ...draft, isProtected: false }).templates).toEqual([]);
  });
});
