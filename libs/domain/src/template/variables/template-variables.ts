import type { Position } from '../syntax/source-text.js';
import type { Command, Operand, ParsedTemplate, Pipeline, Statement } from '../syntax/ast.js';

export interface VariableUse extends Position {
  readonly name: string;
  /** Somewhere it is read without being asked for first: rendering may fail without it. */
  readonly required: boolean;
}

export interface TemplateVariables {
  /** One for each name, at its first place (the first required one, if there is one), in the order of these places. */
  readonly uses: readonly VariableUse[];
  /** `.var` or all data is handed on as a whole, or a name is worked out: any variable may be read. */
  readonly dynamic: boolean;
}

/** What dot is, as far as it can be known without data: the root of all data, or something else. */
interface Place {
  readonly dotIsRoot: boolean;
  /** Names that a condition around has found to be there. */
  readonly found: ReadonlySet<string>;
}

/** The variables that a template may read, told from its text alone. */
export function templateVariables(template: ParsedTemplate): TemplateVariables {
  const finder = new VariableFinder();
  const place: Place = { dotIsRoot: true, found: new Set() };
  finder.statements(template.body, place);
  // What a defined template is called with may be the root (`template "x" .`); any other dot has no `.var` in it.
  for (const body of template.defined.values()) finder.statements(body, place);
  const uses = [...finder.uses]
    .sort(([, a], [, b]) => a.at - b.at)
    .map(([name, use]) => ({ name, required: use.required, ...template.source.positionAt(use.at) }));
  return { uses, dynamic: finder.dynamic };
}

/** Functions that take a name which is not there, with the arguments where they do. */
const ASKING: ReadonlyMap<string, 'all' | number> = new Map<string, 'all' | number>([
  ['and', 'all'],
  ['or', 'all'],
  ['not', 'all'],
  ['default', 'all'],
  ['coalesce', 'all'],
  ['empty', 'all'],
  ['required', 1],
]);

class VariableFinder {
  readonly uses = new Map<string, { at: number; required: boolean }>();
  dynamic = false;

  statements(statements: readonly Statement[], place: Place): void {
    for (const statement of statements) this.statement(statement, place);
  }

  private statement(statement: Statement, place: Place): void {
    switch (statement.kind) {
      case 'print':
        return this.pipeline(statement.pipeline, place, false);
      case 'if':
      case 'with':
        return this.choice(statement, place);
      case 'range':
        this.pipeline(statement.pipeline, place, false);
        this.statements(statement.body, { ...place, dotIsRoot: false });
        return this.statements(statement.otherwise, place);
      case 'template':
        // The root as the argument is seen into by looking at the body of the template.
        if (statement.pipeline !== undefined && !isRootAlone(statement.pipeline, place)) {
          this.pipeline(statement.pipeline, place, false);
        }
        return;
      case 'text':
      case 'break':
      case 'continue':
    }
  }

  private choice(statement: Extract<Statement, { kind: 'if' | 'with' }>, outer: Place): void {
    let place = outer;
    for (const { pipeline, body } of statement.branches) {
      this.pipeline(pipeline, place, true);
      const inner = { ...place, found: new Set([...place.found, ...foundBy(pipeline, place, true)]) };
      const staysRoot = statement.kind === 'if' || isRootAlone(pipeline, place);
      this.statements(body, staysRoot ? inner : { ...inner, dotIsRoot: false });
      place = { ...place, found: new Set([...place.found, ...foundBy(pipeline, place, false)]) };
    }
    this.statements(statement.otherwise, place);
  }

  private pipeline(pipeline: Pipeline, place: Place, asked: boolean): void {
    pipeline.commands.forEach((command, index) => {
      const next = pipeline.commands[index + 1];
      this.command(command, place, next === undefined ? asked : asksForPiped(next));
    });
  }

  private command(command: Command, place: Place, asked: boolean): void {
    const { first, rest } = command;
    if (first.kind !== 'function') return this.operand(first, place, asked);
    if (this.lookUp(first.name, rest, place, asked)) return;
    const asks = ASKING.get(first.name);
    let inner = place;
    rest.forEach((operand, index) => {
      this.operand(operand, inner, asks === 'all' || asks === index);
      if (first.name !== 'and' && first.name !== 'or') return;
      // What stands behind is only looked at when this held (and) or did not (or).
      inner = { ...inner, found: new Set([...inner.found, ...foundByOperand(operand, inner, first.name === 'and')]) };
    });
  }

  /** `index .var "name"`, `get .var "name"`, `hasKey .var "name"`, `index . "var" "name"`. */
  private lookUp(called: string, rest: readonly Operand[], place: Place, asked: boolean): boolean {
    const [from, ...keys] = rest;
    if (from === undefined || (called !== 'index' && called !== 'get' && called !== 'hasKey')) return false;
    const start = pathOf(from, place);
    if (start === undefined || start.length > 1) return false;
    const literal = keys.map((key) => (key.kind === 'literal' ? String(key.value) : undefined));
    const [group, name] = [...start, ...literal];
    if (start.length === 0 && group !== undefined && group !== 'var') return true;
    if (group !== 'var' || name === undefined) {
      if (group === 'var' || group === undefined) this.dynamic = true;
      else return false;
    } else this.use(name, from.at, asked || called === 'hasKey', place);
    for (const key of keys) this.operand(key, place, false);
    return true;
  }

  private operand(operand: Operand, place: Place, asked: boolean): void {
    const path = pathOf(operand, place);
    if (path !== undefined) {
      const [group, name] = path;
      if (group === undefined || (group === 'var' && name === undefined)) this.dynamic = true;
      else if (group === 'var' && name !== undefined) this.use(name, operand.at, asked, place);
      return;
    }
    if (operand.kind === 'group') this.pipeline(operand.pipeline, place, asked || operand.names.length > 0);
    else if (operand.kind === 'field' && operand.names[0] === 'var' && operand.names[1] !== undefined) {
      // Dot is something else here, but it may have been set to the root by way of a variable.
      this.use(operand.names[1], operand.at, true, place);
    } else if (operand.kind === 'function') this.command({ at: operand.at, first: operand, rest: [] }, place, asked);
  }

  private use(name: string, at: number, asked: boolean, place: Place): void {
    const required = !asked && !place.found.has(name);
    const known = this.uses.get(name);
    if (known === undefined || (required && !known.required)) this.uses.set(name, { at, required });
  }
}

/** The names from the root down, when the operand is such a path. */
function pathOf(operand: Operand, place: Place): readonly string[] | undefined {
  switch (operand.kind) {
    case 'dot':
      return place.dotIsRoot ? [] : undefined;
    case 'field':
      return place.dotIsRoot ? operand.names : undefined;
    case 'variable':
      return operand.name === '' ? operand.names : undefined;
    case 'group': {
      const [command] = operand.pipeline.commands;
      const alone = operand.pipeline.commands.length === 1 && command !== undefined && command.rest.length === 0;
      const inner = alone ? pathOf(command.first, place) : undefined;
      return inner === undefined ? undefined : [...inner, ...operand.names];
    }
    default:
      return undefined;
  }
}

function isRootAlone(pipeline: Pipeline, place: Place): boolean {
  const [command] = pipeline.commands;
  if (pipeline.commands.length !== 1 || command === undefined || command.rest.length > 0) return false;
  return pipeline.variables.length === 0 && pathOf(command.first, place)?.length === 0;
}

function asksForPiped(command: Command): boolean {
  if (command.first.kind !== 'function') return false;
  const asks = ASKING.get(command.first.name);
  return asks === 'all' || asks === command.rest.length;
}

/** The variables that must be there when the pipeline is true (`holds`), or when it is not. */
function foundBy(pipeline: Pipeline, place: Place, holds: boolean): readonly string[] {
  const [command] = pipeline.commands;
  if (pipeline.commands.length !== 1 || command === undefined) return [];
  return foundByCommand(command, place, holds);
}

function foundByCommand({ first, rest }: Command, place: Place, holds: boolean): readonly string[] {
  if (first.kind !== 'function') return foundByOperand(first, place, holds);
  const [only] = rest;
  if ((first.name === 'not' || first.name === 'empty') && rest.length === 1 && only !== undefined) {
    return foundByOperand(only, place, !holds);
  }
  if (first.name === (holds ? 'and' : 'or')) return rest.flatMap((operand) => foundByOperand(operand, place, holds));
  const [from, key] = rest;
  if (first.name !== 'hasKey' || !holds || from === undefined || key?.kind !== 'literal') return [];
  const path = pathOf(from, place);
  return path?.length === 1 && path[0] === 'var' ? [String(key.value)] : [];
}

function foundByOperand(operand: Operand, place: Place, holds: boolean): readonly string[] {
  const path = pathOf(operand, place);
  if (path !== undefined) return holds && path[0] === 'var' && path[1] !== undefined ? [path[1]] : [];
  return operand.kind === 'group' && operand.names.length === 0 ? foundBy(operand.pipeline, place, holds) : [];
}
